import {measureDevice} from "./deviceMeasure";
import {type Job, measure} from "./measure";

/** Measures the job in its argument and writes the measurement as JSON. */
const job = JSON.parse(process.argv[2]) as Job;
const measured: Promise<object> = job.backend === "webgpu" ? measureDevice(job) : measure(job);
measured
  .then(measurement => process.stdout.write(`${JSON.stringify(measurement)}\n`))
  .catch(error => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
