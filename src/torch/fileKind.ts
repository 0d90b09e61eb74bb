import {closeSync, readSync} from "node:fs";
import {openRegularFile} from "../system/regularFile";
import {CheckpointError} from "./checkpointError";

const HEAD = 512;

/** The first bytes of a file that may be a checkpoint. What is plainly something else is refused, by its name. */
export function headOf(path: string): Buffer {
  const head = beginning(path);
  if (head.length === 0)
    throw new CheckpointError("it is an empty file: a download that did not happen, or was cut off");
  const what = kinds.find(([, is]) => is(head))?.[0];
  if (what !== undefined) throw new CheckpointError(what);
  return head;
}

function beginning(path: string): Buffer {
  let file: number | undefined;
  try {
    file = openRegularFile(path);
    const head = Buffer.alloc(HEAD);
    return head.subarray(0, readSync(file, head, 0, HEAD, 0));
  } catch (error) {
    throw new CheckpointError(`cannot read ${path}: ${(error as Error).message}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const begins = (text: string) => (head: Buffer) =>
  head.subarray(0, text.length).equals(Buffer.from(text, "latin1"));
const NOT = "not a checkpoint of torch.save";

/** Files that people have under a checkpoint's name. */
const kinds: readonly (readonly [says: string, is: (head: Buffer) => boolean])[] = [
  [
    "it is a Git LFS pointer, not the file it points to: run `git lfs pull` in its clone, with git-lfs installed",
    begins("version https://git-lfs"),
  ],
  [
    "it is a web page: the download answered with a page (an error, a log-in, a preview) instead of the file",
    head => /^\uFEFF?\s*<(!doctype|html|head|\?xml|!--)/i.test(head.toString("utf8")),
  ],
  [`it is compressed by gzip, ${NOT}: unpack it first`, begins("\x1f\x8b")],
  [`it is compressed by bzip2, ${NOT}: unpack it first`, begins("BZh")],
  [`it is compressed by xz, ${NOT}: unpack it first`, begins("\xfd7zXZ\0")],
  [`it is compressed by zstd, ${NOT}: unpack it first`, begins("\x28\xb5\x2f\xfd")],
  [
    `it is a tar archive: unpack it first (PyTorch before 0.2 wrote tars too: load and save such a one anew there)`,
    head => head.toString("latin1", 257, 262) === "ustar",
  ],
  [`it is an HDF5 file, as Keras writes, ${NOT}`, begins("\x89HDF\r\n\x1a\n")],
  [`it is an array of NumPy, ${NOT}`, begins("\x93NUMPY")],
  [
    `it is a safetensors file, ${NOT}: load it in Python and torch.save a dictionary with its tensors as state_dict`,
    head => head.length > 9 && head.readBigUInt64LE() < 2n ** 32n && head.toString("latin1", 8, 10) === '{"',
  ],
  ["it is a ticket file already: `multiprize ticket` shows it", begins("\x89MPT\r\n\x1a\n")],
];
