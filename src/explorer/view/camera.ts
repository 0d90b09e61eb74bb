/** Which part of a map is seen: its middle, and the pixels that one unit of the map takes. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A rectangle of the map. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The view that shows a rectangle whole. */
export function viewOf({x, y, width, height}: Frame, screen: Size): View {
  const scale = Math.min(screen.width / width, screen.height / height);
  return {x: x + width / 2, y: y + height / 2, scale};
}

/** Scaled about a place of the screen, which stays where it is. */
export function zoomed(view: View, factor: number, at: {x: number; y: number}, screen: Size): View {
  const place = mapPlace(view, at, screen);
  const scale = view.scale * factor;
  return {
    scale,
    x: place.x - (at.x - screen.width / 2) / scale,
    y: place.y - (at.y - screen.height / 2) / scale,
  };
}

export function mapPlace(view: View, at: {x: number; y: number}, screen: Size): {x: number; y: number} {
  return {
    x: view.x + (at.x - screen.width / 2) / view.scale,
    y: view.y + (at.y - screen.height / 2) / view.scale,
  };
}

export function screenPlace(view: View, at: {x: number; y: number}, screen: Size): {x: number; y: number} {
  return {
    x: (at.x - view.x) * view.scale + screen.width / 2,
    y: (at.y - view.y) * view.scale + screen.height / 2,
  };
}

/** On the way from one view to another: the scale moves evenly by factors, so that a long zoom keeps its pace. */
export function between(from: View, to: View, share: number): View {
  const scale = from.scale * (to.scale / from.scale) ** share;
  // The middle moves with 1/scale, or the target would leave the screen on the way.
  const even = Math.abs(from.scale - to.scale) < 1e-9 * to.scale;
  const part = even ? share : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
  return {scale, x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part};
}
