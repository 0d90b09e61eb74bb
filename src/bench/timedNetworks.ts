import type {BinaryNetwork} from "../infer/network";
import {networkOfTicket} from "../infer/network";
import {type ArchitectureName, architectures, operationsOf} from "../network/architectures";
import type {Ticket, TicketNetwork} from "../ticket/ticket";
import {benchNetwork} from "./benchNetwork";

/** A ticket under a name, such as its file's. */
export interface NamedTicket {
  readonly name: string;
  readonly ticket: Ticket;
}

/** One whole network to time: its engines beside the same in float32. */
export interface TimedNetwork {
  readonly name: string;
  readonly classes: number;
  /** The dense float network's shape; its values do not matter to its time. */
  readonly float: BinaryNetwork;
  readonly contenders: readonly {readonly what: string; readonly network: BinaryNetwork}[];
}

/** Random masks at the shares of the README's table. */
export function randomNetworks(archs: readonly ArchitectureName[]): TimedNetwork[] {
  return archs.map(arch => {
    const {image} = architectures[arch];
    const at = (activation: "sign" | "relu", keepFraction: number) => ({
      what: `${kind(activation)} k = ${keepFraction}`,
      network: benchNetwork(operationsOf({arch, activation}), activation, image, keepFraction),
    });
    const contenders = [at("sign", 0.2), at("sign", 0.05), at("relu", 0.2), at("relu", 0.05)];
    return {name: arch, classes: 10, float: floatOf({arch}, image), contenders};
  });
}

/** Tickets, those of one network in one row. */
export function ticketNetworks(tickets: readonly NamedTicket[]): TimedNetwork[] {
  const rows = new Map<string, NamedTicket[]>();
  for (const named of tickets) {
    const {arch, width, classes} = named.ticket.network;
    const name = `${arch}${width === 1 ? "" : ` × ${width}`}${classes === 10 ? "" : `, ${classes} classes`}`;
    rows.set(name, [...(rows.get(name) ?? []), named]);
  }
  return [...rows].map(([name, same]) => {
    const {network, image} = same[0].ticket;
    const contenders = same.map(({name: file, ticket}) => ({
      what: `${kind(ticket.network.activation)} k = ${ticket.selection.keepFraction} (${file})`,
      network: networkOfTicket(ticket),
    }));
    return {name, classes: network.classes, float: floatOf(network, image), contenders};
  });
}

/** The dense network in a ticket's place. */
export function floatOf(
  {arch, width, classes}: Partial<TicketNetwork> & Pick<TicketNetwork, "arch">,
  image: BinaryNetwork["image"],
): BinaryNetwork {
  return benchNetwork(operationsOf({arch, width, classes, activation: "relu"}), "relu", image, 0.2);
}

function kind(activation: "sign" | "relu"): string {
  return activation === "relu" ? "1/32" : "1/1";
}
