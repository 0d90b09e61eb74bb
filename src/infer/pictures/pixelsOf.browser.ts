// In a web page `pixelsOf` is this one.
import {UserError} from "../../core/errors";
import {drawnPixels} from "./canvas";
import type {Drawable, Pixels} from "./picture";

export async function pixelsOf(picture: string | Blob | Drawable): Promise<Pixels> {
  if (typeof picture !== "string" && !(picture instanceof Blob)) return drawnPixels(picture);
  const name = typeof picture === "string" ? picture : "the file";
  try {
    const file = typeof picture === "string" ? await fetched(picture) : picture;
    // Upright, as it would be shown; its colours as the file has them.
    const bitmap = await createImageBitmap(file, {colorSpaceConversion: "none", premultiplyAlpha: "none"});
    const pixels = drawnPixels(bitmap);
    bitmap.close();
    return pixels;
  } catch (error) {
    throw new UserError(`cannot read the picture ${name}: ${(error as Error).message}`);
  }
}

async function fetched(address: string): Promise<Blob> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.blob();
}
