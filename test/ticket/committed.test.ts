import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {listedTicket, ticketList} from "../../src/cli/ticketList";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";

const folder = join(__dirname, "..", "..", "data", "tickets");
const files = readdirSync(folder)
  .filter(name => name.endsWith(".mpt"))
  .sort();
const MEGABYTE = 1e6;

for (const file of files) {
  test(`${file} is whole, makes the same bytes again, and says what it is`, () => {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const ticket = decodeTicket(bytes);
    assert.deepEqual(encodeTicket(ticket), bytes);
    const {network, selection, signs, provenance} = ticket;
    assert.equal(file, `${network.arch}-${network.activation}-k${selection.keepFraction}.mpt`);
    assert.equal(signs.kind, "seed");
    const spec = provenance.spec as unknown as SearchSpec;
    assert.deepEqual(searchSpec(spec), spec);
    assert.deepEqual(
      [spec.arch, spec.activation, spec.width, spec.keepFraction, spec.epochs],
      [network.arch, network.activation, network.width, selection.keepFraction, provenance.epochs],
    );
    assert.equal(provenance.testImages, provenance.dataset === "mnist" ? 2000 : 10_000);
    assert.match(String(provenance.commit), /^[0-9a-f]{40}$/);
    // Ten classes: a guess is right once in ten; three standard deviations of 2,000 images are 2 points.
    assert.ok(Number(provenance.testAccuracy) > 25, `${provenance.testAccuracy} % is hardly off chance`);
  });
}

const rows = files.map(file => {
  const bytes = new Uint8Array(readFileSync(join(folder, file)));
  return listedTicket(file, bytes, decodeTicket(bytes));
});

test("the front page says of its tickets what their headers say, with the recipe", () => {
  const page = readFileSync(join(folder, "..", "..", "README.md"), "utf8");
  const [, body] = /\n\| network \| kind \| k \| recipe \|.*\n.*\n((?:\|.*\n)+)/.exec(page)!;
  const lines = body.trim().split("\n");
  assert.ok(lines.length >= 8, body);
  for (const line of lines) {
    const [, network, kind, k, recipe, data, accuracy] = line.split("|").map(cell => cell.trim());
    const row = rows.find(({file}) =>
      file.startsWith(`${network.toLowerCase()}-${kind === "1/1" ? "sign" : "relu"}-k${k}.`),
    );
    assert.ok(row, line);
    assert.deepEqual([recipe, accuracy], [row.recipe, row.testAccuracy?.toFixed(2)], line);
    assert.equal(data.split(",")[0], row.dataset, line);
  }
});

test("the list of tickets is what their headers say", () => {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  assert.ok(
    readme.includes(`\n\n${ticketList(rows, true)}\n`),
    "write it anew as data/tickets/README.md says",
  );
});

test("tickets stay small enough to be committed", () => {
  const sizes = files.map(file => readFileSync(join(folder, file)).length);
  assert.ok(files.length > 0);
  assert.ok(sizes.reduce((a, b) => a + b, 0) < 6 * MEGABYTE);
});
