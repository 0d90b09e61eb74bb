import {join} from "node:path";

/** The package's folder: src/system and dist/system are equally deep. */
export const root: string = join(__dirname, "..", "..");
