import {closeSync, fstatSync, readSync} from "node:fs";
import {openRegularFile} from "../system/regularFile";
import {CheckpointError} from "./checkpointError";
import {elementBytes} from "./elements";
import {type Unpickled, unpickle} from "./pickle";
import type {PickleValue} from "./pickleValues";
import {LARGEST_PICKLE, type TorchFormat} from "./torchFormat";

/** torch.serialization.MAGIC_NUMBER, as the ten bytes of a pickle's whole number. */
const MAGIC = Buffer.from("6cfc9c46f9206aa85019", "hex");
const VERSION = 1001;

/** Whether a file that begins so is of the format before PyTorch 1.6. */
export function isLegacy(head: Buffer): boolean {
  return head[0] === 0x80 && head.subarray(0, 64).includes(MAGIC);
}

/** Where the elements of a storage lie in the file, and how many they are. */
interface Place {
  readonly at: number;
  readonly elements: number;
}

/**
 * The format before PyTorch 1.6, or of `torch.save(…, _use_new_zipfile_serialization=False)`: five pickles one behind
 * the other (a magic number, the version, the machine's byte order, what was saved, and the keys of its storages),
 * then of each storage, in the order of these keys, its number of elements (int64) and its bytes.
 *
 * Source: torch/serialization.py, _legacy_save and _legacy_load.
 */
export function openLegacyFormat(path: string): TorchFormat {
  const file = openRegularFile(path);
  try {
    const {size} = fstatSync(file);
    const head = bytesAt(file, 0, Math.min(size, 2 * LARGEST_PICKLE));
    let end = 0;
    const next = (): Unpickled => {
      const found = unpickle(head.subarray(end));
      end += found.end;
      return found;
    };
    const [, version, machine, saved, keys] = [next(), next(), next(), next(), next()];
    if (version.value !== VERSION) {
      throw new CheckpointError(
        `it is of version ${JSON.stringify(version.value)} of PyTorch's older format; ${VERSION} is read`,
      );
    }
    if (!(machine.value instanceof Map) || machine.value.get("little_endian") !== true)
      throw new CheckpointError("its numbers are not little-endian");
    const places = placesOf(file, end, keys.value, saved);
    let given = 0;
    return {
      root: saved.value,
      read: async (name, {key, type, elements}) => {
        const place = places.get(key);
        if (place?.elements !== elements)
          throw new CheckpointError(
            `${name} has ${place?.elements ?? "no"} values for the ${elements} it claims`,
          );
        const bytes = elementBytes(type) * elements;
        given += bytes;
        if (given > size) throw new CheckpointError(`${name} claims ${bytes} bytes, more than it may have`);
        return bytesAt(file, place.at, bytes);
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function placesOf(file: number, start: number, keys: PickleValue, saved: Unpickled): Map<string, Place> {
  const types = new Map(saved.storages.map(({key, type}) => [key, type]));
  const places = new Map<string, Place>();
  let at = start;
  for (const key of Array.isArray(keys) ? (keys as readonly PickleValue[]) : []) {
    const type = typeof key === "string" ? types.get(key) : undefined;
    if (typeof key !== "string" || type === undefined)
      throw new CheckpointError("it lists a storage that nothing in it names");
    const elements = Number(bytesAt(file, at, 8).readBigInt64LE());
    if (elements < 0) throw new CheckpointError(`a storage in it claims ${elements} values`);
    places.set(key, {at: at + 8, elements});
    at += 8 + elements * elementBytes(type);
  }
  return places;
}

function bytesAt(file: number, at: number, count: number): Buffer {
  if (!(at + count <= fstatSync(file).size)) throw new CheckpointError("it is cut off");
  const bytes = Buffer.alloc(count);
  for (let got = 0; got < count; ) {
    const more = readSync(file, bytes, got, count - got, at + got);
    if (more === 0) throw new CheckpointError("it is cut off");
    got += more;
  }
  return bytes;
}
