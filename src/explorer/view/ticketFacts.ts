import type {Opened} from "../model/explorer";
import {element, percent} from "./element";

/** What a ticket is, in a line: out of its own header. */
export class TicketFacts {
  readonly root: HTMLElement = element("p", {class: "ticketfacts"});

  show({row, ticket}: Opened): void {
    const weights = ticket.layers.reduce((sum, {signs}) => sum + signs.length, 0);
    const kept = ticket.layers.reduce(
      (sum, {signs}) => sum + signs.reduce((count, sign) => count + Math.abs(sign), 0),
      0,
    );
    const count = (value: number): string => value.toLocaleString("en");
    const said = [
      `${row.file}: ${row.network}, ${row.kind}`,
      `${count(kept)} of ${count(weights)} random weights kept (${percent(kept / weights)})`,
      `${count(row.bytes)} bytes, as float32 ${count(row.float32Bytes)}`,
      row.testAccuracy === null
        ? "its accuracy is not in the file"
        : `${row.testAccuracy} % of its test set, says its header`,
      ticket.ranks ? "with the ranks of its scores" : "without the ranks of its scores",
    ];
    this.root.textContent = `${said.join(" · ")}.`;
  }
}
