/** What a page sends through a comm. */
export interface CommMessage {
  readonly data: {
    readonly method?: string;
    readonly state?: Record<string, unknown>;
    readonly buffer_paths?: readonly Path[];
    readonly content?: unknown;
  };
  readonly buffers: readonly Uint8Array[];
  /** To be the parent of an answer. */
  readonly header: object;
}

/** Where in a state a binary value belongs. */
export type Path = readonly (string | number)[];

/** A channel to the page, as the kernel has it (scripts/kernel/comms.cjs). */
export interface Comm {
  readonly id: string;
  onMessage: (message: CommMessage) => void;
  /** "page": it knows no such target. "cell": the cell that opened it is run anew. */
  onClose: (by: "page" | "cell") => void;
  send(
    data: object,
    options?: {readonly parent?: object; readonly buffers?: readonly ArrayBufferView[]},
  ): void;
  close(): void;
}

/** All channels of a kernel. */
export interface Comms {
  connect(
    target: string,
    data: object,
    options: {readonly metadata: object; readonly buffers: readonly ArrayBufferView[]},
  ): Comm;
  accept(target: string, handler: (comm: Comm) => void): void;
}

/** The kernel's channels; undefined where this process is no kernel that has them. */
export function kernelComms(): Comms | undefined {
  return (globalThis as {[name: symbol]: Comms | undefined})[Symbol.for("jupyter.comms")];
}
