/** The packages of ONNX Runtime: its own library, and the same on WebAssembly. Neither is one that the project needs. */
export const onnxRuntimePackages = ["onnxruntime-node", "onnxruntime-web"] as const;
export type OnnxRuntimePackage = (typeof onnxRuntimePackages)[number];

/** What tickets are timed against beside the baseline. */
export const rivals = ["tensorflow", "onnxruntime-node", "onnxruntime-web", "ternary-csc"] as const;
export type Rival = (typeof rivals)[number];
