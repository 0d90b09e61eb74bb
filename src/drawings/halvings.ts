import {GREY, line, text} from "../explorables/frame/svg";
import {type Drawing, edge, unit} from "./drawing";

/** c after each level: c ← ½(c + b·a) for a = 1, from the lowest bit of r = round(2^K·w) up; 0 ≤ w < 1. */
export function halvings(w: number, levels: number): {readonly bit: 0 | 1; readonly sum: number}[] {
  const r = Math.round(2 ** levels * w);
  if (!(r >= 0 && r < 2 ** levels))
    throw new RangeError(`w must round to below 1, got ${w} at ${levels} levels`);
  let sum = 0;
  return Array.from({length: levels}, (_, j) => {
    const bit = (Math.floor(r / 2 ** j) % 2) as 0 | 1;
    sum = (sum + bit) / 2;
    return {bit, sum};
  });
}

/**
 * The chain of halvings that writes w in binary, for σ(x): above, two units that copy a from level to level; below, c,
 * which takes a in where the bit is 1. Every layer has gain ½.
 */
export function halvingsDrawing(w: number, levels: number): Drawing {
  const steps = halvings(w, levels);
  const x = (j: number): number => 34 + (j * 282) / levels;
  const [copy, twin, sum] = [34, 82, 160];
  const plus = {sign: 1};
  const columns = steps.map(({bit, sum: c}, i) => {
    const [from, to] = [x(i), x(i + 1)];
    const copies =
      i === levels - 1
        ? ""
        : [copy, twin].map(y => [copy, twin].map(z => edge([from, z], [to, y], plus)).join("")).join("") +
          unit(to, copy, "a") +
          unit(to, twin, "a");
    return (
      copies +
      (i > 0 ? edge([from, sum], [to, sum], {sign: 1}) : "") +
      edge([from, twin], [to, sum], {sign: 1, kept: bit === 1}) +
      unit(to, sum, "y") +
      text(to, sum + 32, `${c}`, {anchor: "middle", size: 12, weight: 600}) +
      text(to, sum + 50, `bit ${bit}`, {anchor: "middle", size: 11})
    );
  });
  return [
    {
      width: 360,
      height: 222,
      title: `The chain of halvings: ${w} in ${levels} bits`,
      label: `y is ${steps.map(({sum}) => sum).join(", then ")}`,
      content:
        columns.join("") +
        unit(x(0), copy, "a") +
        unit(x(0), twin, "a") +
        line(
          [
            [20, 128],
            [346, 128],
          ],
          {colour: GREY, width: 0.6, dash: "2 4"},
        ),
    },
  ];
}
