// To be loaded before TensorFlow.js is: where that is not installed, its absence is told in a line.
import {join} from "node:path";
import {readRegularFile} from "../system/regularFile";
import {root} from "../system/root";

try {
  require("@tensorflow/tfjs");
} catch (error) {
  const {code, message} = error as NodeJS.ErrnoException;
  if (code !== "MODULE_NOT_FOUND" || !message.includes("'@tensorflow/tfjs'")) throw error;
  const {dependencies, peerDependencies} = JSON.parse(
    readRegularFile(join(root, "package.json")).toString("utf8"),
  ) as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
  const name = "@tensorflow/tfjs";
  const range = peerDependencies?.[name] ?? dependencies?.[name];
  const missing = new Error(
    `this door of multiprize needs the package ${name}, which is not installed: npm install ${name}@${range}; ` +
      "multiprize/infer, /theory, /plain and /export do without",
  );
  // Not enumerable, as it would be printed too.
  Object.defineProperty(missing, "code", {value: code});
  // Where in this package it was missed helps nobody.
  missing.stack = `Error: ${missing.message}`;
  throw missing;
}
