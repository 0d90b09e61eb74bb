/** Two spaces between columns. */
const GAP = 2;

export function length(text: string): number {
  return Array.from(text).length;
}

export function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - length(text)));
  return right ? space + text : text + space;
}

/**
 * The widths of columns that hold these lines of cells within `width`: the widest are narrowed first, none below its
 * longest word, or part of one that ends in a hyphen. Undefined where that does not do.
 */
export function columnWidths(lines: readonly (readonly string[])[], width: number): number[] | undefined {
  const columns = (lines[0] ?? []).map((_, c) => lines.map(line => line[c] ?? ""));
  const widths = columns.map(cells => Math.max(...cells.map(length)));
  const least = columns.map(cells =>
    Math.max(...cells.flatMap(cell => words(cell).map(word => length(word.trimEnd())))),
  );
  const gaps = GAP * Math.max(0, widths.length - 1);
  for (let over = gaps + widths.reduce((sum, each) => sum + each, 0) - width; over > 0; over--) {
    const widest = widths.reduce(
      (best, each, c) => (each > least[c]! && (best < 0 || each > widths[best]!) ? c : best),
      -1,
    );
    if (widest < 0) return undefined;
    widths[widest]!--;
  }
  // Broken between words, a column may need less.
  return columns.map((cells, c) => Math.max(...cells.flatMap(cell => wrapped(cell, widths[c]!).map(length))));
}

/** What is not broken: words, and parts of one that end in a hyphen; with the blank behind them. */
function words(text: string): string[] {
  return text.split(/(?<=[ -])(?![ -])/);
}

/** A text in lines of at most `width`, broken between words and behind hyphens; a longer word anywhere. */
export function wrapped(text: string, width: number): string[] {
  if (length(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of words(text)) {
    if (length((line + word).trimEnd()) <= width) {
      line += word;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    const letters = Array.from(word);
    while (letters.join("").trimEnd().length > width)
      lines.push(letters.splice(0, Math.max(1, width)).join(""));
    line = letters.join("");
  }
  if (line !== "") lines.push(line.trimEnd());
  return lines;
}
