import {SingleBar} from "cli-progress";
import {Argument, Command} from "commander";
import {downloadCifar10} from "../data/download";
import {dataDirectoryOption, folder} from "./options";
import {print} from "./print";
import {untilStopped} from "./stop";

export function downloadCommand(): Command {
  return new Command("download")
    .description("Fetch a data set's official archive, check it, and unpack it.")
    .addArgument(new Argument("<dataset>", "what to fetch").choices(["cifar10"]))
    .addOption(dataDirectoryOption())
    .option("--url <address>", "fetch it from elsewhere; the checksum is the official one all the same")
    .addHelpText("after", "\nExample:\n  multiprize download cifar10 --data-dir data")
    .action(async (_dataset: string, {dataDir, url}: {dataDir: string; url?: string}) => {
      const bar = process.stderr.isTTY
        ? new SingleBar({format: "[{bar}] {value}/{total} MB  {eta_formatted} left"})
        : undefined;
      let started = false;
      const onProgress = (received: number, total: number | undefined): void => {
        const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
        if (!started) bar?.start(megabytes(total ?? 0), 0);
        started = true;
        bar?.update(megabytes(received));
      };
      try {
        const fetched = await untilStopped(signal =>
          downloadCifar10({
            directory: folder(dataDir),
            signal,
            onProgress,
            ...(url === undefined ? {} : {url}),
          }),
        );
        bar?.stop();
        print(`${fetched.fetched ? "fetched" : "there already"}: ${fetched.folder} (${fetched.name})\n`);
      } finally {
        bar?.stop();
      }
    });
}
