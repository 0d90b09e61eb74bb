/** A web page is not told. */
export function availableBytes(): number {
  return Number.POSITIVE_INFINITY;
}
