import {checkHead, type TicketHead} from "./checkTicket";
import type {Json, SignSource, Ticket} from "./ticket";
import {TicketError} from "./ticketError";

/** What `signs.kind: "seed"` and magnitudes are drawn by: Threefry-2x32-20, keyed by seed and hashed stream name. */
const GENERATOR = "threefry-2x32-20/fnv1a";

/** A ticket without its numbers. */
export function headOf({layers, batchNorms, ranks, ...rest}: Ticket): TicketHead {
  return {
    ...rest,
    layers: layers.map(({name, shape}) => ({name, shape})),
    batchNorms: batchNorms.map(({name, mean}) => ({name, channels: mean.length})),
    ...(ranks ? {fractions: ranks.fractions} : {}),
  };
}

/** The head as UTF-8 JSON, keys in the order of the specification. */
export function writeHead(head: TicketHead): Uint8Array {
  const {network, image, classNames, normalisation, batchNorm, selection, signs, layers, batchNorms} = head;
  const {fractions, provenance} = head;
  const json = {
    network: ordered(network, ["arch", "activation", "width", "classes"]),
    image,
    classNames,
    normalisation: ordered(normalisation, ["mean", "sd"]),
    batchNorm: ordered(batchNorm, ["mode", "epsilon"]),
    selection: ordered(selection, ["kind", "keepFraction"]),
    signs: signs.kind === "stored" ? {kind: signs.kind} : {...seedOf(signs), generator: GENERATOR},
    layers,
    batchNorms,
    fractions,
    provenance,
  };
  return new TextEncoder().encode(JSON.stringify(json));
}

function seedOf({kind, seed, initialisation}: Exclude<SignSource, {kind: "stored"}>): object {
  return {kind, seed, initialisation: ordered(initialisation, ["weights", "fan", "gain"])};
}

function ordered<T extends object>(value: T, keys: readonly (keyof T)[]): object {
  return Object.fromEntries(keys.map(key => [key, value[key]]));
}

/** Reads a head and refuses one that is no JSON, lacks a field, or does not fit itself. */
export function readHead(bytes: Uint8Array): TicketHead {
  const json = new Fields(parse(bytes), "the header");
  const [network, normalisation] = [json.object("network"), json.object("normalisation")];
  const [batchNorm, selection, signs] = ["batchNorm", "selection", "signs"].map(key => json.object(key));
  const head = {
    network: {
      arch: network.text("arch"),
      activation: network.text("activation"),
      width: network.number("width"),
      classes: network.number("classes"),
    },
    image: json.numbers("image"),
    classNames: json.list("classNames").map(name => text(name, "a class name")),
    normalisation: {mean: normalisation.numbers("mean"), sd: normalisation.numbers("sd")},
    batchNorm: {mode: batchNorm.text("mode"), epsilon: batchNorm.number("epsilon")},
    selection: {kind: selection.text("kind"), keepFraction: selection.number("keepFraction")},
    signs: readSigns(signs),
    layers: json.objects("layers").map(layer => ({name: layer.text("name"), shape: layer.numbers("shape")})),
    batchNorms: json
      .objects("batchNorms")
      .map(each => ({name: each.text("name"), channels: each.number("channels")})),
    ...(json.has("fractions") ? {fractions: json.numbers("fractions")} : {}),
    provenance: json.object("provenance").value,
  } as unknown as TicketHead;
  checkHead(head);
  return head;
}

function readSigns(signs: Fields): object {
  const kind = signs.text("kind");
  if (kind === "stored") return {kind};
  const generator = signs.text("generator");
  if (generator !== GENERATOR) {
    throw new TicketError(`its signs come from "${generator}"; this program knows "${GENERATOR}"`);
  }
  const {weights, fan, gain} = signs.object("initialisation").texts("weights", "fan", "gain");
  return {kind, seed: signs.number("seed"), initialisation: {weights, fan, gain}};
}

function parse(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes)) as Json;
  } catch {
    throw new TicketError("the header is no JSON");
  }
}

/** A JSON object whose fields are asked for by name and kind. */
class Fields {
  readonly value: {readonly [key: string]: Json};

  constructor(
    value: Json | undefined,
    private readonly where: string,
  ) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new TicketError(`${where} must be an object`);
    }
    this.value = value as {readonly [key: string]: Json};
  }

  has(key: string): boolean {
    return Object.hasOwn(this.value, key);
  }

  text(key: string): string {
    return text(this.get(key), this.named(key));
  }

  texts<Key extends string>(...keys: Key[]): Record<Key, string> {
    return Object.fromEntries(keys.map(key => [key, this.text(key)])) as Record<Key, string>;
  }

  number(key: string): number {
    return number(this.get(key), this.named(key));
  }

  list(key: string): readonly Json[] {
    const value = this.get(key);
    if (!Array.isArray(value)) throw new TicketError(`${this.named(key)} must be a list`);
    return value;
  }

  numbers(key: string): number[] {
    return this.list(key).map(each => number(each, this.named(key)));
  }

  object(key: string): Fields {
    return new Fields(this.get(key), this.named(key));
  }

  objects(key: string): Fields[] {
    return this.list(key).map(each => new Fields(each, this.named(key)));
  }

  private get(key: string): Json | undefined {
    return this.has(key) ? this.value[key] : undefined;
  }

  private named(key: string): string {
    return `${key} of ${this.where}`;
  }
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== "string") throw new TicketError(`${what} must be a text`);
  return value;
}

function number(value: Json | undefined, what: string): number {
  if (typeof value !== "number") throw new TicketError(`${what} must be a number`);
  return value;
}
