/**
 * A number for people: `decimals` places (default: whole numbers none, others six significant digits), commas
 * between thousands, no minus before a rounded zero. NaN and infinities are written as JavaScript does.
 */
export function formatNumber(value: number | bigint, decimals?: number): string {
  if (typeof value === "bigint") return withCommas(value.toString());
  if (!Number.isFinite(value)) return String(value);
  const text = decimals === undefined ? shortest(value) : value.toFixed(decimals);
  if (text.includes("e")) return text;
  return withCommas(/^-[0.]*$/.test(text) ? text.slice(1) : text);
}

function shortest(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function withCommas(text: string): string {
  const [whole, ...fraction] = text.split(".");
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

/** Points of accuracy with their sign, to a tenth: "−0.9", "+5.0". */
export function signed(points: number): string {
  return `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
}

/** A share in per cent, in at most six digits: "20 %". */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** "1 epoch", "2 epochs": a count with its noun. */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
