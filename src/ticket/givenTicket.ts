import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import type {Ticket} from "./ticket";

/** The ticket, in the hands of who has no types: UserError for a path, a file's bytes, a promise, nothing. */
export function givenTicket(value: Ticket): Ticket {
  const {network, layers} = (value ?? {}) as Partial<Ticket>;
  if (typeof network === "object" && network !== null && Array.isArray(layers)) return value;
  throw new UserError(`a ticket is what readTicket or decodeTicket gives; got ${whatItIs(value)}`);
}

/** The bytes of a ticket's file, likewise. */
export function givenBytes(value: Uint8Array): Uint8Array {
  // By its tag, for an array of another realm is no instance of ours.
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object Uint8Array]") return value;
  const how = tag === "[object ArrayBuffer]" ? ": give new Uint8Array(it)" : "";
  throw new UserError(`a ticket's file is given as its bytes, a Uint8Array; got ${whatItIs(value)}${how}`);
}

function whatItIs(value: unknown): string {
  if (typeof value === "string") return `the text ${shownValue(value).slice(0, 60)}: readTicket reads a file`;
  if (typeof value !== "object" || value === null) return shownValue(value);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === "Promise") return "a promise: await it";
  return kind === "Object" || kind === "Array" ? shownValue(value).slice(0, 60) : `a value of ${kind}`;
}
