import {createInterface} from "node:readline";
import {precisionHere} from "../backend/arithmetic";
import {useBackend} from "../backend/backend";
import type {Batch} from "../data/batches";
import {sourceOf} from "../data/source";
import {architectures} from "../network/architectures";
import {searchSpec} from "../search/defaults";
import {search} from "../search/search";
import {syntheticImages} from "./syntheticImages";
import type {OwnTurnsJob, TimedStep} from "./turns";

/**
 * Steps of a real search in turns: the search waits for its next batch until a line on standard input asks for so many
 * steps, and a line of JSON then tells their times.
 */
async function takeTurns(job: OwnTurnsJob): Promise<void> {
  const {arch, activation, batch, keepFraction, precision, steps} = job;
  const {version} = await useBackend("tensorflow");
  const {notice} = precisionHere(precision);
  if (notice) throw new RangeError(notice);
  const spec = searchSpec({arch, activation, precision, batchSize: batch, keepFraction, epochs: 1});
  const {image, classes} = architectures[arch];
  const source = sourceOf(syntheticImages((steps + 1) * batch, image, classes));
  const requests = createInterface({input: process.stdin})[Symbol.asyncIterator]();
  const ended = new AbortController();
  let left = job.warmUp;
  let times: TimedStep[] | undefined;
  let began = 0;
  let assembled = 0;
  const nextRequest = async (): Promise<void> => {
    write(times ?? {version});
    times = [];
    const {value, done} = await requests.next();
    if (done) ended.abort(new Error("no more turns"));
    left = Number(value);
  };
  const trainBatch = async (address: Parameters<typeof source.trainBatch>[0]): Promise<Batch> => {
    if (left === 0) await nextRequest();
    left--;
    began = performance.now();
    const assembledBatch = await source.trainBatch(address);
    assembled = performance.now();
    return assembledBatch;
  };
  const onStep = (): void => {
    times?.push({stepMs: performance.now() - began, assemblyMs: assembled - began});
  };
  await search(spec, {...source, trainBatch}, {onStep, signal: ended.signal, keepUnfinished: true});
}

function write(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

takeTurns(JSON.parse(process.argv[2]) as OwnTurnsJob).then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
