import type {PickleValue, Storage} from "./pickleValues";

/** Those of the reference's largest networks are below 300 kB. */
export const LARGEST_PICKLE: number = 2 ** 20;

/** A file of torch.save in one of its two formats. */
export interface TorchFormat {
  readonly root: PickleValue;
  /** The bytes of a storage of `root`, little-endian. */
  readonly read: (name: string, storage: Storage) => Promise<Uint8Array>;
  readonly close: () => void;
}
