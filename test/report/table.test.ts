import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {JSDOM} from "jsdom";
import {formatNumber} from "../../src/report/numbers";
import {tableHtml, tableMarkdown, tableText, toCells} from "../../src/report/table";

interface Row {
  network: string;
  weights: number;
  accuracy?: number;
}
const rows: Row[] = [
  {network: "conv2", weights: 4300992, accuracy: 67.25},
  {network: "a|b <i>", weights: 12},
];
const columns = ["network", "weights", {key: "accuracy", title: "test (%)", decimals: 1}] as const;

test("without its commas a formatted number is the number, to the places asked for", () => {
  fc.assert(
    fc.property(
      fc.double({min: -1e15, max: 1e15, noNaN: true}),
      fc.integer({min: 0, max: 6}),
      (value, places) => {
        const text = formatNumber(value, places);
        assert.equal(Number(text.replaceAll(",", "")), Number(value.toFixed(places)) + 0);
        assert.match(text, /^-?\d{1,3}(,\d{3})*(\.\d+)?$/);
        assert.equal(text.split(".")[1]?.length ?? 0, places);
      },
    ),
  );
});

test("numbers at the edges read as people write them", () => {
  const cases: [number | bigint, number | undefined, string][] = [
    [1234567, undefined, "1,234,567"],
    [1234.5678, undefined, "1,234.57"],
    [0.1 + 0.2, undefined, "0.3"],
    [-0.004, 2, "0.00"],
    [-0, undefined, "0"],
    [1e-9, undefined, "1e-9"],
    [Number.NaN, 2, "NaN"],
    [12345678901234567890n, undefined, "12,345,678,901,234,567,890"],
  ];
  for (const [value, decimals, text] of cases) assert.equal(formatNumber(value, decimals), text);
});

test("a text table pads every column, right for numbers, and says what was not run", () => {
  assert.equal(
    tableText(rows, columns),
    [
      "network    weights  test (%)",
      "-------  ---------  --------",
      "conv2    4,300,992      67.3",
      "a|b <i>         12   not run",
    ].join("\n"),
  );
});

test("a Markdown table escapes what would end a cell", () => {
  assert.equal(
    tableMarkdown(rows, columns),
    [
      "| network | weights | test (%) |",
      "| --- | ---: | ---: |",
      "| conv2 | 4,300,992 | 67.3 |",
      "| a\\|b <i> | 12 | not run |",
    ].join("\n"),
  );
});

test("an HTML table reads back as the cells it was made of", () => {
  const {document} = new JSDOM(tableHtml(rows, columns)).window;
  const read = [...document.querySelectorAll("tr")].map(tr => [...tr.children].map(cell => cell.textContent));
  assert.deepEqual(read, [
    ["network", "weights", "test (%)"],
    ["conv2", "4,300,992", "67.3"],
    ["a|b <i>", "12", "not run"],
  ]);
});

test("no columns given means every field of every row; a table without rows says so", () => {
  assert.equal(tableText([{a: 1, b: "x"}]).split("\n")[0], "a  b");
  const different: object[] = [{a: 1}, {b: 2, a: 3}, {c: 4}];
  assert.deepEqual(toCells(different), {
    titles: ["a", "b", "c"],
    right: [true, true, true],
    rows: [
      ["1", "not run", "not run"],
      ["3", "2", "not run"],
      ["not run", "not run", "4"],
    ],
  });
  assert.equal(tableText([]), "\n");
  assert.equal(tableText([], ["a" as never]), "a\n----\nnone");
});

test("a column's own format gets the value and its row, and only values that are there", () => {
  const text = tableText(rows, [
    {key: "accuracy", align: "left", format: (value, row) => `${row.network}:${value}`},
  ]);
  assert.deepEqual(text.split("\n").slice(2), ["conv2:67.25", "not run"]);
});
