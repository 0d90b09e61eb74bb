/**
 * Control characters but the line's end, and what turns the direction of writing: a terminal would obey them. Foreign
 * files may hold them where a name is expected.
 */
export const unprintable: RegExp = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text for a terminal: what would steer it is written out, as \x1b. */
export function printable(text: string): string {
  return text.replace(unprintable, character => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** Text as one line of a terminal: ends of lines within are written out, too. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\x0a");
}
