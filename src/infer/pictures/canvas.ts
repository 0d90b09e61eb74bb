import {UserError} from "../../core/errors";
import type {Drawable, Pixels} from "./picture";

interface Canvas extends Drawable {
  getContext(kind: "2d", options?: {willReadFrequently: boolean}): Context | null;
}

interface Context {
  drawImage(picture: Drawable, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}

/** The pixels of what can be drawn: a 2D canvas gives its own; anything else is drawn on one, where there are any. */
export function drawnPixels(picture: Drawable): Pixels {
  const {width, height} = sizeOf(picture);
  const drawn = picture as Partial<Canvas>;
  const own = typeof drawn.getContext === "function" ? drawn.getContext("2d") : null;
  if (own) return own.getImageData(0, 0, width, height);
  const {OffscreenCanvas} = globalThis as {OffscreenCanvas?: new (w: number, h: number) => unknown};
  if (OffscreenCanvas === undefined)
    throw new UserError("this is no picture that can be read here: give a file, ImageData or bytes");
  const context = (new OffscreenCanvas(width, height) as Canvas).getContext("2d") as Context;
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** A picture or video of a page has its own size beside the one that it is shown at. */
function sizeOf(picture: Drawable): {width: number; height: number} {
  const {naturalWidth, naturalHeight, videoWidth, videoHeight} = picture as unknown as Record<string, number>;
  const width = naturalWidth ?? videoWidth ?? picture.width;
  const height = naturalHeight ?? videoHeight ?? picture.height;
  if (width > 0 && height > 0) return {width, height};
  throw new UserError(`the picture is ${width}×${height}: wait until it is loaded`);
}
