/** In a web page: beside the script. */
export function wasmFolder(): string {
  return new URL(".", self.location.href).href;
}
