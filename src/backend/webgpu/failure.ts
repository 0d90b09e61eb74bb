import {UserError} from "../../core/errors";
import type {GpuDevice} from "./device";

/** What a device has reported since it was made. It does not throw: shaders refused leave zeros, and work goes on. */
export class DeviceFailures {
  private first: string | undefined;
  /** Never fulfilled; rejected when the device is lost or refuses something. */
  private readonly failed: Promise<never>;
  private fail!: (error: UserError) => void;

  constructor(
    device: GpuDevice,
    private readonly adapter: string,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    // Whoever waits is told; an error while nobody does must not end the process by itself.
    this.failed.catch(() => {});
    device.addEventListener("uncapturederror", event => {
      event.preventDefault();
      this.report((event as Event & {error: {message: string}}).error.message);
    });
    device.lost.then(({reason, message}) => {
      this.report(`the device was lost (${message || reason || "no reason given"})`);
    });
  }

  private report(message: string): void {
    this.first ??= message.split("\n")[0];
    this.fail(this.error());
  }

  private error(): UserError {
    return new UserError(`the GPU ${this.adapter} failed: ${this.first}; compute with another --backend`);
  }

  /** Throws what has been reported. */
  check(): void {
    if (this.first !== undefined) throw this.error();
  }

  /** The work's value, unless the device fails before. */
  async during<T>(work: Promise<T>): Promise<T> {
    const value = await Promise.race([work, this.failed]);
    this.check();
    return value;
  }
}
