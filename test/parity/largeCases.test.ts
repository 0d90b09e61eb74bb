import assert from "node:assert/strict";
import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {withWiderSums} from "../../src/backend/widerSums";
import {readCase} from "../../src/parity/caseFile";
import {assertPasses, firstSteps} from "./assertPasses";

/** The full set of cases, where it lies beside the project. */
const large = join(__dirname, "..", "..", "..", "shared", "parity", "cases");
const cases = existsSync(large) ? readdirSync(large).filter(file => !file.startsWith("tiny")) : [];
if (cases.length === 0) {
  test("the large cases are the reference's", {skip: "they do not lie beside this project"}, () => {});
}
for (const file of cases) {
  test(`${file}: two steps on the native backend are the reference's, within the tolerances`, async t => {
    const {backend} = await useBackend("auto");
    if (backend !== "tensorflow") return t.skip("the native backend is not set up here");
    const parity = firstSteps(readCase(join(large, file)), 2);
    assert.ok((await withWiderSums(async () => assertPasses(parity))) >= 30);
  });
}
