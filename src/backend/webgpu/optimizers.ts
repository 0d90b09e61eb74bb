import type {Elementwise} from "./elementwise";

// Hyper-parameters come as a small tensor, as the native operations take them (kernels/cpu/optimizers.cc).

/** hyper: learning rate, momentum, dampening (0 at the first update), nesterov, weight decay, clip. Twin: optim/sgd. */
export const sgd: Elementwise = {
  name: "Sgd",
  inputs: ["p", "gradient", "momentum", "hyper"],
  outputs: ["value", "next"],
  each: `
  var g = gradient[i];
  if (hyper[5] > 0.0) { g = clamp(g, -hyper[5], hyper[5]); }
  g += p[i] * hyper[4];
  let b = momentum[i] * hyper[1] + g * (1.0 - hyper[2]);
  next[i] = b;
  value[i] = p[i] - hyper[0] * select(b, g + b * hyper[1], hyper[3] > 0.0);`,
};

/** hyper: rate / (1 − β1ᵗ), 1 − β1, β2, 1 − β2, √(1 − β2ᵗ), ε, weight decay, clip. Twin: optim/adam. */
export const adam: Elementwise = {
  name: "Adam",
  inputs: ["p", "gradient", "first", "second", "hyper"],
  outputs: ["value", "nextFirst", "nextSecond"],
  each: `
  var g = gradient[i];
  if (hyper[7] > 0.0) { g = clamp(g, -hyper[7], hyper[7]); }
  g += p[i] * hyper[6];
  let m = first[i] + (g - first[i]) * hyper[1];
  let v = second[i] * hyper[2] + (g * hyper[3]) * g;
  nextFirst[i] = m;
  nextSecond[i] = v;
  value[i] = p[i] - (m * hyper[0]) / (sqrt(v) / hyper[4] + hyper[5]);`,
};
