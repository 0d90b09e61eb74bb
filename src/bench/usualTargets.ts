import type {ArchitectureName} from "../network/architectures";

/** What `bench-inference` times unless asked otherwise: 3×3 convolutions, [height and width, channels]. */
export const usualLayers: readonly (readonly [number, number])[] = [
  [32, 128],
  [16, 256],
  [8, 512],
];
/** Whole networks, under random masks. */
export const usualNetworks: readonly ArchitectureName[] = ["vgg-small", "cifar-resnet18"];
/** Networks whose search steps `bench` and `bench-peer` time unless asked otherwise. */
export const searchedNetworks: readonly ArchitectureName[] = [
  "conv2",
  "conv4",
  "conv6",
  "conv8",
  "vgg-small",
  "cifar-resnet18",
];
