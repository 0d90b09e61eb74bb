import {textWidth} from "./textSize";

/** A rectangle in pixels, y growing downwards. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The affine map (x, y) ↦ (a·x + c·y + e, b·x + d·y + f), as in SVG's matrix(a, b, c, d, e, f). */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** The smallest rectangle around all text in `element`, in the coordinates of `within` (default: its own). */
export function textBox(element: Element, within: Element = element): Box | undefined {
  const texts = element.matches("text") ? [element] : Array.from(element.querySelectorAll("text"));
  const boxes = texts.flatMap(text => {
    const box = lineBox(text);
    return box ? [mapBox(transformTo(text, within), box)] : [];
  });
  if (boxes.length === 0) return undefined;
  return boxes.reduce((a, b) => ({
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }));
}

/** The box of one <text>, from its lines' estimated widths, before any transform. */
function lineBox(text: Element): Box | undefined {
  const lines = Array.from(text.querySelectorAll("tspan.line"), line => line.textContent ?? "");
  if (lines.length === 0) lines.push(text.textContent ?? "");
  const style = (text as HTMLElement).style;
  const fontSize = Number.parseFloat(style.fontSize) || 12;
  const width = Math.max(...lines.map(line => textWidth(line, fontSize)));
  if (width === 0) return undefined;
  const anchor = style.textAnchor || text.getAttribute("text-anchor");
  const x = Number(text.getAttribute("x")) || 0;
  const y = Number(text.getAttribute("y")) || 0;
  const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  const top = y - 0.93 * fontSize;
  return {left, top, right: left + width, bottom: top + fontSize * (1.17 + 1.3 * (lines.length - 1))};
}

/** The product of the transforms from `element` up to, not counting, `end`. */
function transformTo(element: Element, end: Element): Matrix {
  let matrix = identity;
  for (let node: Element | null = element; node && node !== end; node = node.parentElement) {
    matrix = multiply(parseTransform(node.getAttribute("transform") ?? ""), matrix);
  }
  return matrix;
}

function parseTransform(text: string): Matrix {
  let matrix = identity;
  for (const [, name, list] of text.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const numbers = list!
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    matrix = multiply(matrix, step(name!, numbers));
  }
  return matrix;
}

function step(name: string, [p = 0, q = 0, r = 0, ...more]: number[]): Matrix {
  if (name === "translate") return [1, 0, 0, 1, p, q];
  if (name === "scale") return [p, 0, 0, q || p, 0, 0];
  if (name === "matrix") return [p, q, r, more[0] ?? 1, more[1] ?? 0, more[2] ?? 0];
  if (name !== "rotate") return identity;
  const cos = Math.cos((p * Math.PI) / 180);
  const sin = Math.sin((p * Math.PI) / 180);
  return [cos, sin, -sin, cos, q - cos * q + sin * r, r - sin * q - cos * r];
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function mapBox([a, b, c, d, e, f]: Matrix, box: Box): Box {
  const xs = [box.left, box.right].flatMap(x => [box.top, box.bottom].map(y => a * x + c * y + e));
  const ys = [box.left, box.right].flatMap(x => [box.top, box.bottom].map(y => b * x + d * y + f));
  return {left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys)};
}
