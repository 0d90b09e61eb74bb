import {UserError} from "../core/errors";
import {bytesOfBase64} from "./base64";

// A page opened from disk may load scripts but no other files. So whatever the site brings along, tickets and
// pictures, is a script that calls `shipped(name, base64, gzipped)`; served over http it is just as good.
const arrived = new Map<string, (bytes: Promise<Uint8Array>) => void>();
const loading = new Map<string, Promise<Uint8Array>>();

declare global {
  interface Window {
    shipped(name: string, base64: string, gzipped: boolean): void;
  }
}

if (typeof window !== "undefined")
  window.shipped = (name, base64, gzipped) => {
    const bytes = bytesOfBase64(base64);
    arrived.get(name)?.(gzipped ? gunzip(bytes) : Promise.resolve(bytes));
  };

/** The bytes of a file that the site brings along in `shipped/`. UserError where it does not. */
export function shippedFile(name: string): Promise<Uint8Array> {
  const known = loading.get(name);
  if (known) return known;
  const bytes = new Promise<Uint8Array>((settle, refuse) => {
    arrived.set(name, settle);
    const script = document.createElement("script");
    script.src = `shipped/${encodeURIComponent(name)}.js`;
    script.onerror = () => {
      loading.delete(name);
      refuse(new UserError(`${script.src} is not there`));
    };
    document.head.append(script);
  });
  loading.set(name, bytes);
  return bytes;
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
