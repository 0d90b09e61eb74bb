/** biprop: binarised kept weights; edge-popup: kept weights as they are; dense: all weights, and they are trained. */
export type Method = "biprop" | "edge-popup" | "dense";
export const methods: readonly Method[] = ["biprop", "edge-popup", "dense"];
