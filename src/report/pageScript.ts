import {recolourText} from "./ink";

/**
 * What a figure's script does in the page, given the figure's id and the figure: it waits for Plotly, looks for it once
 * a page where a Jupyter server can have it, and draws the figure in place of the still picture, in the ink that the
 * page writes with, also when its theme changes.
 */
export const drawWhenReady: string = drawing("", "");

/** The same, drawn as wide as its place: there the legend lies below the data and the title has lines. */
export const drawAsWide: string = drawing(
  `
      fit(shown.layout, shown.data, box.clientWidth);`,
  `
    window.addEventListener("resize", function () { inUse = undefined; paint(); });
    function fit(layout, data, width) {
      if (!(width > 0) || width >= layout.width) return;
      var named = data.filter(function (each) { return each.name && each.showlegend !== false; }).length;
      var below = layout.showlegend ? 20 * named + 16 : 0, line = "", lines = [];
      (layout.title.text || "").split(" ").forEach(function (word) {
        if ((line + " " + word).length > width / 8) { lines.push(line); line = word; }
        else line = line ? line + " " + word : word;
      });
      lines.push(line);
      layout.title.text = lines.join("<br>");
      layout.title.font.size = 14;
      layout.margin = {l: 52, r: 8, t: 20 * lines.length + 24, b: 58 + below};
      layout.height += below;
      layout.width = width;
      layout.legend = {x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", font: {size: 12}};
    }`,
);

function drawing(fitted: string, fit: string): string {
  return `function (id, figure) {
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
    var still = box.innerHTML, inUse;
    box.textContent = "";
    function paint() {
      var ink = getComputedStyle(box).color;
      if (!/^rgba?\\(/.test(ink)) ink = "rgb(34, 34, 34)";
      if (ink === inUse) return;
      inUse = ink;
      var shown = recolour(figure, ink);${fitted}
      window.Plotly.react(box, shown.data, shown.layout, {displaylogo: false, showSendToCloud: false})
        .catch(function () { box.innerHTML = still; });
    }
    function later() {
      if (!box.isConnected) return theme.disconnect();
      paint();
      setTimeout(paint, 500);
    }${fit}
    var theme = new MutationObserver(later);
    theme.observe(document.body, {attributes: true});
    theme.observe(document.documentElement, {attributes: true});
    if (window.matchMedia) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
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
}
