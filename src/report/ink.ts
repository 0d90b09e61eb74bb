import type {Figure} from "./figure";

/**
 * Takes a figure's colours of paper and ink to a page of any colour: the paper becomes transparent, black and dark grey
 * become `ink`, grid lines a trace of it. Colours of data and of colour scales stay. Written as text, since pages run
 * it too, and a build may rename what a function's own source refers to.
 */
export const recolourText: string = `function (figure, ink) {
  var faint = ink.replace(/^rgba?\\(([^,]+),([^,]+),([^,)]+).*$/, "rgba($1,$2,$3,0.16)");
  var inks = {"#222222": ink, "#333333": ink, "#000000": ink, "#e6e6e6": faint, "#ffffff": "rgba(0,0,0,0)"};
  var recoloured = JSON.parse(JSON.stringify(figure), function (key, value) {
    var ofScale = Array.isArray(this) && typeof this[0] === "number";
    return !ofScale && typeof value === "string" && inks.hasOwnProperty(value) ? inks[value] : value;
  });
  recoloured.layout.modebar = {bgcolor: "rgba(0,0,0,0)", color: faint.replace("0.16", "0.5"), activecolor: ink};
  return recoloured;
}`;

const recolour = Function(`return (${recolourText})`)() as (figure: Figure, ink: string) => Figure;

/** A grey that is read on white (4.6 : 1) and on the near black of dark themes (4.1 : 1). */
export const neutralInk = "rgb(117, 117, 117)";

/** The figure for a picture that does not know what page it will lie on. */
export function onAnyPaper(figure: Figure): Figure {
  return recolour(figure, neutralInk);
}
