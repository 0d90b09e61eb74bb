import {formatNumber} from "../../report/numbers";
import type {Opened} from "../model/explorer";
import {element, percent} from "./element";

/** What a ticket is, in a line: out of its own header. */
export class TicketFacts {
  readonly root: HTMLElement = element("p", {class: "ticketfacts"});

  show({row, weights, kept, ticket}: Opened): void {
    const said = [
      `${row.file}: ${row.network}, ${row.kind}`,
      `${formatNumber(kept)} of ${formatNumber(weights)} random weights kept (${percent(kept / weights)})`,
      `${formatNumber(row.bytes)} bytes, as float32 ${formatNumber(row.float32Bytes)}`,
      row.testAccuracy === null
        ? "its accuracy is not in the file"
        : `${row.testAccuracy} % of its test set, says its header`,
      ticket.ranks ? "with the ranks of its scores" : "without the ranks of its scores",
    ];
    this.root.textContent = `${said.join(" · ")}.`;
  }
}
