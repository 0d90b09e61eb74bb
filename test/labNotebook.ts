import type {Browser, Locator, Page} from "playwright-core";
import type {Lab} from "./lab";

/** What a page of JupyterLab shows in front: its notebook. */
const front = "window.jupyterapp.shell.currentWidget";

/**
 * A notebook in a page of JupyterLab. It is driven by JupyterLab's commands, which its menus and keys call: a menu that
 * opens late, or closes again because something else took the focus, is JupyterLab's matter and not ours.
 */
export class LabNotebook {
  private constructor(readonly page: Page) {}

  /** Opens it in a page of its own, of this size, and waits until its cells are there. */
  static async open(
    browser: Browser,
    lab: Lab,
    file: string,
    viewport: {width: number; height: number},
  ): Promise<LabNotebook> {
    const page = await browser.newPage({viewport});
    page.on("pageerror", error => console.log(`pageerror: ${error.message}`));
    const notebook = new LabNotebook(page);
    await notebook.load(`${lab.address(file)}&reset`);
    return notebook;
  }

  /** Loads this address into the page, and waits until the notebook's cells are there. */
  async load(address: string): Promise<void> {
    await this.page.goto("about:blank");
    await this.page.goto(address);
    const shown = `window.jupyterapp && ${front}`;
    await this.until(`${shown}?.context?.isReady && ${front}.content.widgets.length > 0`);
  }

  /** The kernel has started, and runs no cell. Before that, to run a cell asks which kernel to take. */
  async idle(): Promise<void> {
    const context = `${front}.sessionContext`;
    await this.until(`${context}.isReady && ${context}.session?.kernel?.status === "idle"`);
  }

  /** A command of JupyterLab's; it is not waited for. */
  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      `void window.jupyterapp.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)})`,
    );
  }

  /** Runs cell `n`, and waits for nothing. */
  async run(n: number): Promise<void> {
    await this.page.evaluate(`${front}.content.activeCellIndex = ${n}`);
    await this.command("notebook:run-cell");
  }

  /** Cell `n` has run. */
  async ran(n: number): Promise<void> {
    await this.until(`/\\[\\d+\\]/.test(${front}.content.widgets[${n}].promptNode?.textContent)`);
  }

  /** In the page, whichever other cells stand there. */
  cell(n: number): Locator {
    return this.page.locator(`.jp-Cell[data-windowed-list-index="${n}"]`);
  }

  async interrupt(): Promise<void> {
    await this.command("kernelmenu:interrupt");
  }

  /** Restarts the kernel, as its reader says in the dialog. */
  async restart(): Promise<void> {
    await this.command("kernelmenu:restart");
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
  }

  /** Ends the kernel, and waits until it is gone. */
  async shutdown(): Promise<void> {
    await this.command("kernelmenu:shutdown");
    await this.until(`!${front}.sessionContext.session?.kernel`);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  private async until(holds: string): Promise<void> {
    await this.page.waitForFunction(holds, undefined, {timeout: 120_000});
  }
}
