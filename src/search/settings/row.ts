import type {Knobs, SearchSpec} from "../spec";
import type {Kind} from "./kinds";

/** A usual value that depends on other settings: how, in words, and the value itself where no recipe gives it. */
export interface Depends<T> {
  readonly depends: string;
  readonly on?: (chosen: Pick<SearchSpec, "method">) => T;
}

/** A reason for which a setting changes nothing. `name: value` in backticks names another setting. */
export interface Idle {
  readonly when: (spec: SearchSpec) => boolean;
  readonly because: string;
}

interface Described {
  /** What it is, in a line. */
  readonly about: string;
  readonly idle?: readonly Idle[];
}

/** A field that a spec must have is filled in with `usual`; one that may be absent means `absent` then. */
type Default<T> = undefined extends T
  ? {readonly absent: NonNullable<T> | Depends<NonNullable<T>>}
  : {readonly usual: T | Depends<T>};

/**
 * The value that the hash of a run leaves out, so that a setting added later, with the value that it had until then,
 * orphans no run. Never change one: runs are named by what is left.
 */
interface Neutral<T> {
  readonly neutral?: NonNullable<T>;
}

/** A setting of one value. */
export type Row<T> = Described &
  Default<T> & {
    /** On the command line, as commander writes it: `--keep <share>`. */
    readonly flag: string;
    readonly kind: Kind<NonNullable<T>>;
  };

type KeysOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K extends PropertyKey> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** A setting that is an object: a row for each part, in whichever variant it occurs. */
export type Group<T> = Described &
  Default<T> & {
    readonly parts: {readonly [K in KeysOf<NonNullable<T>>]-?: Row<PartOf<NonNullable<T>, K>>};
  };
/** A part that some variants lack is optional. */
type PartOf<T, K extends PropertyKey> = K extends keyof T ? T[K] : ValueOf<T, K> | undefined;

type Grouped = "optimizer" | "schedule" | "ramp";

/** Every field of a spec has its row, or this does not compile; a knob says so. */
export type Settings = {
  readonly [K in keyof SearchSpec]-?: Neutral<SearchSpec[K]> &
    (K extends keyof Knobs ? {readonly knob: true} : {readonly knob?: never}) &
    (K extends Grouped ? Group<SearchSpec[K]> : Row<SearchSpec[K]>);
};

/** A row, whatever its value's type. */
export interface AnyRow extends Described {
  readonly flag: string;
  readonly kind: Kind<unknown>;
  readonly usual?: unknown;
  readonly absent?: unknown;
}

/** A row or a group of them, whatever the value's type. */
export type AnySetting = Described & {
  readonly neutral?: unknown;
  readonly knob?: true;
  readonly usual?: unknown;
  readonly absent?: unknown;
} & (AnyRow | {readonly parts: Readonly<Record<string, AnyRow>>});
