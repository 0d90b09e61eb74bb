/** How surely it is known that the paper has an item, and what is in it, as its text was not at hand. */
export const knowledge = {
  seen: "what the abstract, the authors' replies to the reviews, their README or code say",
  "second hand": "what somebody's account of the paper says",
  recollection: "what nobody could check here",
} as const;

export type Knowledge = keyof typeof knowledge;

/** A part of the paper that can be reproduced, and with what. */
export interface PaperItem {
  readonly item: string;
  /** Section, figure or table. */
  readonly where: string;
  readonly known: Knowledge;
  readonly notebooks: readonly string[];
  /** Names of experiments; none where it is an argument, which a notebook works out and tests check. */
  readonly experiments: readonly string[];
  /** What the item has that the experiments lack, whatever is run. */
  readonly lacks?: string;
}

/**
 * The paper item by item. Sources: the abstract; the authors' replies to the reviews (which name sections 2.1, 2.2, 3.1,
 * 3.2, Algorithm 1, Theorem 1, appendices A.1, B and C); their README and code; others' accounts. Numbers of figures and
 * tables are from recollection but for Table 8.
 */
export const paperItems: readonly PaperItem[] = [
  {
    item: "the hypothesis and its three prizes",
    where: "abstract, section 1",
    known: "seen",
    notebooks: ["00-quickstart", "03-counting-and-random-features"],
    experiments: [],
  },
  {
    item: "Theorem 1: a pruned random ±1 network within ε of any target",
    where: "section 2.1, proof in appendix B",
    known: "seen",
    notebooks: [
      "04-a-binary-network-inside-a-random-one",
      "05-digits-from-random-signs",
      "06-subset-sums-and-depth",
    ],
    experiments: [],
    lacks: "the paper's own lemmas word for word; bounds and constants are ours",
  },
  {
    item: "biprop: quantiser, gain and gradient estimators (Algorithm 1)",
    where: "section 2.2, appendix C",
    known: "seen",
    notebooks: ["01-what-is-a-ticket", "08-why-biprop-finds-it"],
    experiments: [],
  },
  {
    item: "accuracy over depth and pruning rate, MPT-1/32 and dense",
    where: "section 3.1 (Figure 2 by recollection)",
    known: "seen",
    notebooks: ["11-depth-and-weights-kept"],
    experiments: ["depth"],
    lacks: "several runs a point",
  },
  {
    item: "accuracy over depth and pruning rate, MPT-1/1",
    where: "section 3.1 (Figure 2 by recollection)",
    known: "seen",
    notebooks: ["11-depth-and-weights-kept"],
    experiments: ["depth-binary"],
    lacks: "several runs a point; no published number of these curves is at hand",
  },
  {
    item: "accuracy over width",
    where: "section 3.1 (Figure 3 by recollection)",
    known: "seen",
    notebooks: ["12-width"],
    experiments: ["width"],
    lacks: "several runs a point",
  },
  {
    item: "CIFAR-10, MPT-1/32, against published binary networks",
    where: "section 3.2; VGG-Small also in Table 8 of the appendix",
    known: "seen",
    notebooks: ["13-cifar10-tables"],
    experiments: ["cifar10"],
  },
  {
    item: "CIFAR-10, MPT-1/1, against published binary networks",
    where: "section 3.2",
    known: "seen",
    notebooks: ["13-cifar10-tables"],
    experiments: ["cifar10-binary"],
  },
  {
    item: "ImageNet, MPT-1/32",
    where: "section 3.2",
    known: "seen",
    notebooks: ["14-imagenet-tables"],
    experiments: ["imagenet"],
    lacks: "the pictures, and months of many machines",
  },
  {
    item: "ImageNet, MPT-1/1",
    where: "section 3.2",
    known: "seen",
    notebooks: ["14-imagenet-tables"],
    experiments: ["imagenet-binary"],
    lacks: "the pictures, and months of many machines",
  },
  {
    item: "learned batch norm (+BN)",
    where: "section 3.2",
    known: "seen",
    notebooks: ["15-learned-batch-norm"],
    experiments: ["batch-norm"],
  },
  {
    item: "accuracy against size, beside other methods",
    where: "Figure 1",
    known: "recollection",
    notebooks: ["10-size-against-accuracy"],
    experiments: ["overview"],
  },
  {
    item: "hyper-parameters",
    where: "appendix A.1",
    known: "seen",
    notebooks: ["17-hyper-parameters"],
    experiments: ["hyper-parameters"],
    lacks: "its tables; the values are those of the released configurations",
  },
  {
    item: "several runs of one setting",
    where: "section 3.1",
    known: "seen",
    notebooks: ["18-stability"],
    experiments: ["stability"],
    lacks: "how many runs the paper has is not known",
  },
];
