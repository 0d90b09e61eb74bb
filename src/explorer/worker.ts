// The explorer's worker: all computing of its page. Set-up bundles it, kernels included, into the page's own script, so
// that it starts from disk as well.
import {UserError} from "../core/errors";
import {bytesOfBase64} from "./base64";
import {Explorer} from "./model/explorer";
import type {Name, Question, Questions, Reply} from "./model/messages";

/** kernels.wasm in base64, put in by the bundler. */
declare const kernelsBase64: string;

interface Scope {
  onmessage: ((event: {readonly data: Question}) => void) | null;
  postMessage(reply: Reply): void;
}
const scope = self as unknown as Scope;

const explorer = WebAssembly.compile(bytesOfBase64(kernelsBase64)).then(kernels => new Explorer(kernels));

type Handlers = {[N in Name]: (explorer: Explorer, asked: Questions[N]["asked"]) => unknown};
const handlers: Handlers = {
  open: (it, {name, bytes}) => it.open(name, bytes),
  use: (it, {sample}) => it.use(sample),
  classify: (it, {pixels, changes, options}) => it.classify(pixels, changes, options),
  accuracy: (it, {changes}) => it.accuracy(changes),
  changed: (it, {changes}) => it.changed(changes),
  weight: (it, {pixels, layer, index, changes, options}) =>
    it.weight(pixels, {layer, index}, changes, options),
};

// One question after the other: an answer is about the ticket and the changes that were asked about.
let last: Promise<void> = Promise.resolve();
scope.onmessage = ({data}) => {
  last = last.then(() => reply(data));
};

async function reply<N extends Name>({id, name, asked}: Question<N>): Promise<void> {
  try {
    const handle = handlers[name] as (explorer: Explorer, asked: Questions[N]["asked"]) => unknown;
    scope.postMessage({id, answer: await handle(await explorer, asked)});
  } catch (error) {
    if (!(error instanceof UserError || error instanceof Error)) throw error;
    scope.postMessage({id, refused: error.message});
  }
}
