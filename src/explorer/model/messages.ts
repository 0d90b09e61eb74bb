import type {Dataset} from "../../data/dataset";
import type {PictureOptions, Pixels} from "../../infer/pictures/picture";
import type {Ticket} from "../../ticket/ticket";
import type {Changes} from "./changes";
import type {Accuracy, Opened, Said} from "./explorer";
import type {WeightFacts} from "./weight";

/** What a page asks of its worker, by name: the arguments of the Explorer's method, and what that gives. */
export interface Questions {
  open: {asked: {name: string; bytes: Uint8Array}; answer: Opened};
  use: {asked: {sample?: Dataset}; answer: undefined};
  classify: {
    asked: {pixels: Pixels; changes: Changes; options?: PictureOptions};
    answer: Said;
  };
  accuracy: {asked: {changes: Changes}; answer: Accuracy};
  changed: {asked: {changes: Changes}; answer: Ticket};
  weight: {
    asked: {
      pixels: Pixels;
      layer: string;
      index: number;
      changes: Changes;
      options?: PictureOptions;
    };
    answer: WeightFacts;
  };
}

export type Name = keyof Questions;

export interface Question<N extends Name = Name> {
  readonly id: number;
  readonly name: N;
  readonly asked: Questions[N]["asked"];
}

export interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  /** Why there is none, in a line. */
  readonly refused?: string;
}
