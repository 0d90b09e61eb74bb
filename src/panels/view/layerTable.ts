import type {LayerFacts} from "../panelState";
import {filterBars} from "./plot";

const head = ["layer", "kept", "by filter", "gain", "new since start", "since epoch", "r"] as const;

/** The layers of a search, a row each. */
export class LayerTable {
  readonly element: HTMLElement = document.createElement("div");
  private readonly table = document.createElement("table");
  private rows: {cells: HTMLTableCellElement[]; bars: HTMLCanvasElement}[] = [];

  constructor() {
    this.element.className = "multiprize-scroll";
    this.table.createTHead();
    const names = document.createElement("tr");
    for (const title of head) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      names.append(cell);
    }
    this.table.tHead?.append(names);
    this.table.createTBody();
    this.element.append(this.table);
    this.element.hidden = true;
  }

  show(layers: readonly LayerFacts[], filters: Uint8Array): void {
    this.element.hidden = layers.length === 0;
    if (this.rows.length !== layers.length) this.begin(layers.length);
    let at = 0;
    for (const [i, layer] of layers.entries()) {
      const {cells, bars} = this.rows[i];
      const shares = filters.subarray(at, at + layer.filters);
      at += layer.filters;
      const texts = [
        layer.name,
        percent(layer.kept),
        undefined,
        `${Number(layer.gain.toPrecision(3))}`,
        percent(layer.newSinceStart),
        percent(layer.newSinceEpoch),
        layer.r.toExponential(1).replace("-", "−"),
      ];
      for (const [j, text] of texts.entries()) if (text !== undefined) cells[j].textContent = text;
      filterBars(bars, shares);
      bars.setAttribute("aria-label", spoken(shares));
    }
  }

  private begin(count: number): void {
    const body = this.table.tBodies[0];
    body.replaceChildren();
    this.rows = Array.from({length: count}, () => {
      const row = body.insertRow();
      const cells = head.map(() => row.insertCell());
      const bars = document.createElement("canvas");
      bars.setAttribute("role", "img");
      cells[2].append(bars);
      return {cells, bars};
    });
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The bars in words. */
function spoken(shares: Uint8Array): string {
  const sorted = [...shares].sort((a, b) => a - b).map(share => Math.round((100 * share) / 255));
  return `of its ${sorted.length} filters the emptiest keeps ${sorted[0]} %, the middle one ${sorted[sorted.length >> 1]} %, the fullest ${sorted.at(-1)} %`;
}
