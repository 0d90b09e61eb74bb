// Whether the kernel that fills a panel is still there.

/** A signal of Lumino, which JupyterLab is made of. */
interface Signal<Word> {
  connect(hear: (sender: unknown, word: Word) => void): void;
  disconnect(hear: (sender: unknown, word: Word) => void): void;
}

/** JupyterLab's connection to a kernel. */
interface Kernel {
  readonly status: string;
  readonly isDisposed: boolean;
  readonly statusChanged: Signal<string>;
  readonly disposed: Signal<unknown>;
}

/** anywidget's model, as far as it tells of the kernel. */
export interface KernelModel {
  on(event: string, hear: () => void): void;
  off(event: string, hear: () => void): void;
  /** The page's manager of widgets. That of JupyterLab names its kernel; others need not. */
  readonly widget_manager?: {readonly kernel?: Kernel | null};
}

/** What tells of the kernel: the model, and the box that it is drawn in. */
export interface Lifeline {
  readonly model: KernelModel;
  readonly el: HTMLElement;
}

/** After these what a cell made is lost, whatever comes then. */
const ends: readonly string[] = ["restarting", "autorestarting", "terminating", "dead"];

/** Which the manager gives a view whose model has lost its kernel, before it is drawn too. */
const disconnected = ".jupyter-widgets-disconnected";

/**
 * Calls `gone`, once, when the kernel has gone, or at once where it had before; until the function that comes back is
 * called. The manager tells of restarts that its own page asked for; of a kernel that died, was shut down or was
 * exchanged for another, the kernel's connection alone does.
 */
export function whenKernelGoes({model, el}: Lifeline, gone: () => void): () => void {
  const kernel = model.widget_manager?.kernel ?? undefined;
  const once = (): void => {
    leave();
    gone();
  };
  const hearStatus = (_: unknown, status: string): void => {
    if (ends.includes(status)) once();
  };
  function leave(): void {
    model.off("comm_live_update", once);
    kernel?.statusChanged.disconnect(hearStatus);
    kernel?.disposed.disconnect(once);
  }
  model.on("comm_live_update", once);
  kernel?.statusChanged.connect(hearStatus);
  kernel?.disposed.connect(once);
  if (kernel?.isDisposed || ends.includes(kernel?.status ?? "") || el.closest(disconnected)) once();
  return leave;
}
