import {type FirstCallJob, firstCall} from "./firstCall";

/** Makes the first call of the job in its argument and writes its times as JSON. */
firstCall(JSON.parse(process.argv[2]) as FirstCallJob)
  .then(times => process.stdout.write(`${JSON.stringify(times)}\n`))
  .catch(error => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
