/** A string, a mark, or a number or word of JSON. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * A key that stands twice in one object of a JSON text: JSON.parse takes the last of the two and says nothing. The text
 * must be JSON.
 */
export function repeatedKey(text: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  let before = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{" || token === "[") objects.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") objects.pop();
    else if (token === ":") {
      const [key, keys] = [JSON.parse(before) as string, objects.at(-1)!];
      if (keys.has(key)) return key;
      keys.add(key);
    }
    before = token;
  }
  return undefined;
}
