// npm run settings: writes docs/settings.md from the rows of the settings.
import {writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {fileURLToPath} from "node:url";

const {settingsPage} = createRequire(import.meta.url)("../dist/search/settings/page.js");
writeFileSync(fileURLToPath(new URL("../docs/settings.md", import.meta.url)), settingsPage());
