/** Target weights, shape [inputs, outputs]: y_k = Σ_i weights[i·outputs + k] · x_i. */
export interface Matrix {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
}
