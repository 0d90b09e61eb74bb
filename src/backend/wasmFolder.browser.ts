type WasmFiles = string | Readonly<Record<string, string>>;
let elsewhere: WasmFiles | undefined;

/** Takes the WebAssembly backend's binaries from a folder's address, or each by its own. */
export function setWasmFiles(files: WasmFiles): void {
  elsewhere = files;
}

/** In a web page: beside the script, unless told. */
export function wasmFolder(): WasmFiles {
  return elsewhere ?? new URL(".", self.location.href).href;
}
