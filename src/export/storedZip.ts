import {buffer} from "node:stream/consumers";
import {ZipFile} from "yazl";

/** Files as a zip that stores them as they are, which is how torch.load wants them. */
export async function storedZip(
  files: readonly {readonly name: string; readonly bytes: Uint8Array}[],
): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const {name, bytes} of files) zip.addBuffer(Buffer.from(bytes), name, {compress: false});
  zip.end();
  return buffer(zip.outputStream);
}
