export * from "./floats";
export * from "./generated";
export * from "./layouts";
export {everySecond, flattenBits, halve, meanOfBits, packNarrowTaps, packTaps, poolBits} from "./planes";
export {xnorConv, xnorDense} from "./xnor";
