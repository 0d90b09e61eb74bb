/** Where the time of a step goes. `data` is what passes before a step's first computation, `rest` what no other claims. */
export const partNames = [
  "convolutions",
  "matmul",
  "selection",
  "optimiser",
  "batchNorm",
  "pooling",
  "activations",
  "data",
  "rest",
] as const;
export type Part = (typeof partNames)[number];
/** Milliseconds. */
export type Parts = Readonly<Record<Part, number>>;

/** The first pattern that fits a kernel's name; what fits none belongs to the rest. */
const patterns: readonly (readonly [Part, RegExp])[] = [
  ["selection", /^Multiprize\w*Select/],
  ["optimiser", /^Multiprize(Sgd|Adam|ScoreGradient)/],
  ["batchNorm", /BatchNorm/],
  ["pooling", /Pool/],
  ["convolutions", /Conv/],
  ["matmul", /MatMul/],
  ["activations", /^(Relu|ReluGrad|MultiprizeRelu|MultiprizeSign|MultiprizeBiRealGrad)/],
];

export function partOfKernel(name: string): Part | undefined {
  return patterns.find(([, pattern]) => pattern.test(name))?.[0];
}
