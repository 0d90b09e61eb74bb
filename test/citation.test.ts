import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";

const read = (name: string): string => readFileSync(join(__dirname, "..", name), "utf8");
const citation = read("CITATION.cff");
const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(citation)?.[1];

test("the citation file has what its format demands, and says the package's version and licence", () => {
  const {version, license, name} = JSON.parse(read("package.json")) as Record<string, string>;
  for (const needed of ["cff-version", "message", "title"]) assert.ok(field(needed), needed);
  assert.match(citation, /^authors:\n {2}- name: \S/m);
  assert.equal(field("version"), version);
  assert.equal(field("license"), license);
  assert.ok(field("title")?.includes(name!));
  assert.match(citation, /^references:\n[\s\S]*Multi-Prize Lottery Ticket Hypothesis[\s\S]*2103\.09377/m);
  assert.doesNotMatch(citation, /\t/, "YAML has no tabs");
});
