import {type Job, measure} from "./measure";

/** Measures the job in its argument and writes the measurement as JSON. */
measure(JSON.parse(process.argv[2]) as Job)
  .then(measurement => process.stdout.write(`${JSON.stringify(measurement)}\n`))
  .catch(error => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
