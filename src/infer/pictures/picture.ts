/** Pixels as ImageData has them: rows from the top, red, green, blue and opacity in turn, 0…255; also 3 or 1 a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Numbers [height, width, channels] of the network's own size, and what its black and its white are among them. */
export interface Values {
  readonly values: ArrayLike<number>;
  /** [black, white], for instance [0, 1], [−1, 1] or [0, 255]. */
  readonly range: readonly [number, number];
}

/** What a page can draw: a canvas, a picture of the page or of a video, an ImageBitmap. In Node a canvas alone. */
export interface Drawable {
  readonly width: number;
  readonly height: number;
}

/**
 * A picture as people have it: the address of a picture file (in Node a path, in a page a URL), a file as a Blob, what
 * can be drawn, pixels, exactly height·width·channels bytes of the network's own size, or numbers with their range said.
 */
export type Picture = string | Blob | Drawable | Pixels | Uint8Array | Uint8ClampedArray | Values;

/** How a picture becomes a network's input. */
export interface PictureOptions {
  /** What shows through where a picture is transparent. A transparent picture is refused unless it is said. */
  readonly background?: "black" | "white";
  /** Swaps light and dark: for dark ink on white paper where the network knows light on dark, as the digits' do. */
  readonly invert?: boolean;
}
