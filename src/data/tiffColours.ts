const PHOTOMETRIC = 262;
const COMPRESSION = 259;
const YCBCR = 6;
/** Old and new JPEG in TIFF, whose decoder gives red, green and blue. */
const JPEG: readonly number[] = [6, 7];

/**
 * Refuses a TIFF file of luma and colour differences (YCbCr) that no JPEG decoder turns into red, green and blue: libvips
 * would take the one for the other without a word. Other bytes pass. TIFF 6.0, sections 2 and 21.
 */
export function checkTiffColours(bytes: Uint8Array): void {
  const tags = firstTags(bytes);
  if (tags.get(PHOTOMETRIC) === YCBCR && !JPEG.includes(tags.get(COMPRESSION) ?? 1))
    throw new Error("its colours are YCbCr in a TIFF without JPEG, which is not read: save it as RGB");
}

/** The one-valued short fields of a TIFF's first directory; none of other bytes, and those before a damage. */
function firstTags(bytes: Uint8Array): Map<number, number> {
  const tags = new Map<number, number>();
  const order = String.fromCharCode(...bytes.subarray(0, 2));
  if ((order !== "II" && order !== "MM") || bytes.length < 8) return tags;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === "II";
  if (view.getUint16(2, little) !== 42) return tags;
  const at = view.getUint32(4, little);
  const count = at + 2 <= bytes.length ? view.getUint16(at, little) : 0;
  for (let entry = at + 2, i = 0; i < count && entry + 12 <= bytes.length; i++, entry += 12)
    tags.set(view.getUint16(entry, little), view.getUint16(entry + 8, little));
  return tags;
}
