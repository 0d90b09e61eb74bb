import {printableLine} from "../core/printable";
import {type Columns, toCells} from "./table";

/** More rows do not fit on a page with their caption and notes. */
const MOST_ON_A_PAGE = 40;
/** A longer text, in characters, is set as a paragraph instead of on one line. */
const LONGEST_LINE = 40;

/** What stands around a table in a document. */
export interface TableAround {
  readonly caption: string;
  /** After `tab:`; letters, digits, `-`, `_` and `.`. */
  readonly label: string;
  /** Below it, a paragraph each. */
  readonly notes?: readonly string[];
}

/** Rows as a LaTeX tabular with the rules of the package booktabs. */
export function tableLatex<Row extends object>(rows: readonly Row[], columns?: Columns<Row>): string {
  const {columnTypes, head, body} = partsOf(rows, columns);
  return [`\\begin{tabular}{${columnTypes}}`, ...head, ...body, "\\bottomrule", "\\end{tabular}"].join("\n");
}

/**
 * The same with caption, label and notes: a table that floats, or where it has more rows than fit on a page one of the
 * package longtable, which breaks.
 */
export function captionedLatex<Row extends object>(
  rows: readonly Row[],
  columns: Columns<Row>,
  {caption, label, notes = []}: TableAround,
): string {
  const title = `\\caption{${escapeLatex(caption)}}\\label{tab:${label}}`;
  const below = notes.map(note => `\\par\\smallskip\\raggedright ${escapeLatex(note)}`);
  if (rows.length <= MOST_ON_A_PAGE)
    return [
      "\\begin{table}",
      "\\centering\\footnotesize\\setlength{\\tabcolsep}{4pt}",
      title,
      "\\par\\smallskip",
      tableLatex(rows, columns),
      ...below,
      "\\end{table}",
    ].join("\n");
  const {columnTypes, head, body} = partsOf(rows, columns);
  return [
    "\\begingroup\\footnotesize\\setlength{\\tabcolsep}{4pt}",
    `\\begin{longtable}{${columnTypes}}`,
    `${title}\\\\`,
    ...head,
    "\\endfirsthead",
    ...head,
    "\\endhead",
    "\\bottomrule",
    "\\endfoot",
    ...body,
    "\\end{longtable}",
    ...below,
    "\\par\\endgroup",
  ].join("\n");
}

interface Parts {
  readonly columnTypes: string;
  readonly head: readonly string[];
  readonly body: readonly string[];
}

function partsOf<Row extends object>(rows: readonly Row[], columns: Columns<Row> | undefined): Parts {
  const cells = toCells(rows, columns);
  const long = cells.titles.map((_, c) => cells.rows.some(row => row[c]!.length > LONGEST_LINE));
  const types = cells.right.map((right, c) => (long[c] ? "p{0.35\\linewidth}" : right ? "r" : "l"));
  // Of a paragraph's \raggedright the row's own \\ must hear nothing.
  const cell = (text: string, c: number): string =>
    long[c] ? `{\\raggedright ${escapeLatex(text)}\\par}` : escapeLatex(text);
  const line = (row: readonly string[]): string => `${unbracketed(row.map(cell).join(" & "))} \\\\`;
  return {
    columnTypes: `@{}${types.join("")}@{}`,
    head: ["\\toprule", line(cells.titles), "\\midrule"],
    body: cells.rows.map(line),
  };
}

/** After \\ and \toprule a bracket or an asterisk would be theirs. */
function unbracketed(line: string): string {
  return /^[[*]/.test(line) ? `{}${line}` : line;
}

const written: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "|": "\\textbar{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "`": "\\textasciigrave{}",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "≈": "$\\approx$",
  "→": "$\\rightarrow$",
  "∞": "$\\infty$",
  "√": "$\\surd$",
  "⊙": "$\\odot$",
  "∂": "$\\partial$",
  "±": "$\\pm$",
  "×": "$\\times$",
  "·": "$\\cdot$",
  "−": "$-$",
  "–": "--",
  "…": "\\dots{}",
  "-": "-{}",
};

/** Letters of mathematics that a text font lacks, by their names; ο and capitals like the Latin are no commands. */
const greek: readonly string[] =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi - pi rho - sigma tau upsilon phi chi psi omega".split(
    " ",
  );
const capitals: Readonly<Record<string, string>> = {
  ...{Γ: "Gamma", Δ: "Delta", Θ: "Theta", Λ: "Lambda", Ξ: "Xi", Π: "Pi"},
  ...{Σ: "Sigma", Φ: "Phi", Ψ: "Psi", Ω: "Omega"},
};

/** Text as LaTeX shows it: no character of it is a command, two hyphens stay two, and quotes have two sides. */
export function escapeLatex(text: string): string {
  let open = false;
  return printableLine(text.replaceAll("\n", " ")).replace(
    /[\\~^|<>`"≤≥≈→∞√⊙∂±×·−–…#$%&_{}]|-(?=-)|[Γ-Ωα-ω]|[⁰¹²³⁴-⁹]+/g,
    found => {
      if (found === '"') {
        open = !open;
        return open ? "\\textquotedblleft{}" : "\\textquotedblright{}";
      }
      return written[found] ?? raised(found) ?? greekLetter(found) ?? `\\${found}`;
    },
  );
}

const raisedDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function raised(digits: string): string | undefined {
  if (!raisedDigits.includes(digits[0]!)) return undefined;
  return `$^{${[...digits].map(digit => raisedDigits.indexOf(digit)).join("")}}$`;
}

function greekLetter(letter: string): string | undefined {
  if (letter < "Γ") return undefined;
  const name = capitals[letter] ?? greek[letter.charCodeAt(0) - "α".charCodeAt(0)];
  return name === undefined || name === "-" ? letter : `$\\${name}$`;
}
