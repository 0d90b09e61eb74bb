import {recolourText} from "./ink";

/**
 * What a figure's script does in the page, given the figure's id and the figure: it waits for Plotly, looks for it once
 * a page where a Jupyter server can have it, and draws the figure in place of the still picture, in the ink that the
 * page writes with, also when its theme changes. Where its place is narrower than the figure, it is drawn as wide as
 * the place: there the legend lies below the data, the title has lines, and pictures of cells keep their shape.
 */
export const drawWhenReady: string = `function (id, figure) {
  var recolour = ${recolourText};
  function look() {
    if (window.Plotly || window.multiprizeLooked) return;
    window.multiprizeLooked = true;
    var lab = document.getElementById("jupyter-config-data");
    if (!lab) return;
    var base = JSON.parse(lab.textContent).baseUrl || "/";
    var addresses = [base + "static/plotly.min.js", base + "files/dist/plotly.min.js"];
    (function next() {
      if (addresses.length === 0) return;
      var script = document.createElement("script");
      script.src = addresses.shift();
      script.onerror = next;
      document.head.appendChild(script);
    })();
  }
  function draw(box) {
    if (box.drawn) return;
    box.drawn = true;
    var still = box.innerHTML, drawn;
    box.textContent = "";
    function paint() {
      if (!box.isConnected || (drawn && box.clientWidth === 0)) return;
      var ink = getComputedStyle(box).color;
      if (!/^rgba?\\(/.test(ink)) ink = "rgb(34, 34, 34)";
      var shown = recolour(figure, ink);
      fit(shown.layout, shown.data, box.clientWidth);
      if (ink + shown.layout.width === drawn) return;
      drawn = ink + shown.layout.width;
      window.Plotly.react(box, shown.data, shown.layout, {displaylogo: false, showSendToCloud: false})
        .catch(function () { box.innerHTML = still; });
    }
    function later() {
      if (!box.isConnected) return theme.disconnect();
      paint();
      setTimeout(paint, 500);
    }
    function broken(text, letters) {
      var line = "", lines = [];
      (text || "").split(" ").forEach(function (word) {
        if ((line + " " + word).length > letters) { lines.push(line); line = word; }
        else line = line ? line + " " + word : word;
      });
      return lines.concat(line);
    }
    function titled(part, change) {
      var title = typeof part.title === "string" ? {text: part.title} : part.title || {};
      part.title = Object.assign({}, title, change(title));
    }
    function fit(layout, data, width) {
      var own = layout.width || 700, ownHeight = layout.height || 450;
      if (!(width > 0) || width >= own) return;
      var named = data.filter(function (each) { return each.name && each.showlegend !== false; }).length;
      var legend = layout.showlegend ? 20 * named + 16 : 0, scale = 0, lines = [], was = layout.margin || {}, extra = 0;
      var cells = data.filter(function (each) { return each.type === "heatmap"; });
      var scales = cells.filter(function (each) { return each.showscale !== false; }).map(function (each) {
        var title = (each.colorbar || {}).title;
        return "colour: " + ((title || {}).text || title || "value");
      });
      titled(layout, function (title) {
        lines = broken(title.text, width / 8);
        return {text: lines.join("<br>"), font: Object.assign({}, title.font, {size: 14})};
      });
      Object.keys(layout).forEach(function (key) {
        if (/^yaxis/.test(key)) layout[key].automargin = true;
        if (/^xaxis/.test(key)) titled(layout[key], function (title) {
          var titleLines = broken(title.text, width / 8).concat(scales);
          extra = Math.max(extra, 16 * (titleLines.length - 1));
          return {text: titleLines.join("<br>")};
        });
      });
      if (scales.length > 0) scale = 40;
      layout.margin = {l: 52, r: 8, t: 20 * lines.length + 24, b: 58 + extra + scale + legend};
      var shape = (ownHeight - (was.t || 0) - (was.b || 0)) / (own - (was.l || 0) - (was.r || 0));
      layout.height = cells.length > 0
        ? Math.round((width - 60) * shape) + layout.margin.t + layout.margin.b
        : ownHeight + extra + legend;
      layout.width = width;
      titled(layout, function () { return {y: 1 - 18 / layout.height, yanchor: "top"}; });
      cells.forEach(function (each) {
        var place = {orientation: "h", x: 0.5, xanchor: "center", yref: "container", y: legend / layout.height, yanchor: "bottom"};
        each.colorbar = Object.assign({}, each.colorbar, place, {thickness: 10, len: 0.9, lenmode: "fraction"});
        delete each.colorbar.title;
      });
      layout.legend = {x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", font: {size: 12}};
    }
    var theme = new MutationObserver(later);
    theme.observe(document.body, {attributes: true});
    theme.observe(document.documentElement, {attributes: true});
    if (window.matchMedia) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
    if (window.ResizeObserver) new ResizeObserver(paint).observe(box);
    paint();
  }
  function wait(tries) {
    if (window.Plotly) document.querySelectorAll("[id=" + JSON.stringify(id) + "]").forEach(draw);
    if (tries > 0 && !window.Plotly) setTimeout(wait, 100, tries - 1);
  }
  if (document.readyState === "complete") look();
  else window.addEventListener("load", look);
  wait(300);
}`;
