import {UserError} from "../core/errors";
import {drawSvg} from "./browser";
import {type Figure, figureHash} from "./figure";
import {figureSize} from "./html";
import {fontFamily} from "./theme";

let last: Promise<unknown> = Promise.resolve();

/**
 * The figure as SVG, byte for byte the same for the same figure on every machine (text stays text; its width is
 * estimated from Helvetica's metrics, never measured). Several figures may be asked for at once; they are drawn
 * one after the other.
 */
export function figureSvg(figure: Figure, size?: {width?: number; height?: number}): Promise<string> {
  const whole = {...figureSize(figure), ...size};
  const hash = figureHash(figure);
  const drawn = last.then(() => drawSvg(figure, whole, Number.parseInt(hash.slice(0, 8), 16)));
  last = drawn.catch(() => {});
  return drawn;
}

/**
 * SVG to PNG at `scale` pixels a CSS pixel. Letters are drawn in a font of this machine, so the bytes depend on it
 * (keep SVG where they must not). Throws UserError on a machine without any font.
 */
export async function svgToPng(svg: string, options: {scale?: number} = {}): Promise<Uint8Array> {
  const {Resvg} = await import("@resvg/resvg-js");
  const font = {loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans"};
  if (svg.includes("<text") && !drawsLetters(new Resvg(letterSvg, {font}).render().pixels)) {
    throw new UserError(
      "no fonts on this machine, letters would be missing: install one (fonts-dejavu-core) or keep SVG",
    );
  }
  const zoom = {mode: "zoom", value: options.scale ?? 2} as const;
  return new Resvg(svg, {fitTo: zoom, background: "white", font}).render().asPng();
}

const letterSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="18" font-family="${fontFamily}">M</text></svg>`;

function drawsLetters(pixels: Uint8Array): boolean {
  return pixels.some(value => value > 0);
}
