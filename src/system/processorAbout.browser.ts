// A web page is not told.
export function processorName(): string {
  return "unknown to a web page";
}

export function processorFlags(): string {
  return "";
}
