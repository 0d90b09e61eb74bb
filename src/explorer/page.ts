// The explorer's page: bundled by the site's build, its worker inside, into one script that also runs from disk.
import {ExplorerPage, type Shipped} from "./view/explorerPage";

/** The worker's script, put in by the bundler. */
declare const workerSource: string;

const box = document.querySelector<HTMLElement>("[data-explorer]");
const shipped = document.getElementById("shipped");
if (box && shipped) {
  const page = new ExplorerPage(box, workerSource, JSON.parse(shipped.textContent!) as Shipped);
  void page.start();
}
