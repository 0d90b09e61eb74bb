// What nbconvert's colours lack to be read by everybody: 4.5 : 1 between text and its ground, links that more than a
// colour tells from the words around them.

const light = {
  "--jp-cell-prompt-not-active-opacity": "1",
  "--jp-mirror-editor-number-color": "#006b00",
  "--jp-mirror-editor-operator-color": "#8517cf",
  "--jp-mirror-editor-comment-color": "#2f6b6b",
};
const dark = {
  "--jp-mirror-editor-number-color": "#66bb6a",
  "--jp-mirror-editor-operator-color": "#c98bff",
  "--jp-mirror-editor-comment-color": "#6fb0b0",
};

const root = values =>
  `:root{${Object.entries(values)
    .map(([name, value]) => `${name}:${value}`)
    .join(";")}}`;

/** A style that comes after both themes. */
export function legible() {
  const links = ".jp-RenderedHTMLCommon a:not(.anchor-link){text-decoration:underline}";
  return `<style>${root(light)}@media screen and (prefers-color-scheme:dark){${root(dark)}}${links}</style>`;
}
