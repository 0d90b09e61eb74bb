import {CheckpointError} from "./checkpointError";
import {elementBytes} from "./elements";
import {readPickle} from "./pickle";
import {LARGEST_PICKLE, type TorchFormat} from "./torchFormat";
import {StoredZip} from "./zip";

/** The format since PyTorch 1.6: a zip of `NAME/data.pkl` and of a file `NAME/data/KEY` a storage. */
export async function openZipFormat(path: string): Promise<TorchFormat> {
  const zip = await StoredZip.open(path);
  try {
    const names = zip.names();
    const pickles = names.filter(name => /^[^/]+\/data\.pkl$/.test(name));
    if (pickles.length !== 1) throw new CheckpointError("it is a zip, but not one of torch.save");
    const folder = pickles[0].slice(0, -"data.pkl".length);
    if (names.includes(`${folder}constants.pkl`)) {
      throw new CheckpointError(
        "it is a program (TorchScript), not a checkpoint: load it with torch.jit.load, and torch.save its state_dict()",
      );
    }
    const order = names.includes(`${folder}byteorder`) ? await zip.read(`${folder}byteorder`, 16) : undefined;
    if (order && new TextDecoder().decode(order) !== "little") {
      throw new CheckpointError("its numbers are not little-endian");
    }
    return {
      root: readPickle(await zip.read(pickles[0], LARGEST_PICKLE)),
      read: async (name, {key, type, elements}) => {
        const size = elementBytes(type) * elements;
        const bytes = await zip.read(`${folder}data/${key}`, size);
        if (bytes.length === size) return bytes;
        throw new CheckpointError(`${name} has ${bytes.length} bytes for ${elements} values of type ${type}`);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}
