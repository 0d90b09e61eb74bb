import assert from "node:assert/strict";
import {test} from "node:test";
import {type ArchitectureName, architectureNames} from "../../src/network/architectures";
import {counts} from "./counts";

const shares = [0.05, 0.1, 0.2, 0.25, 0.4, 0.5];

/** Counted in the reference's own classes (chrundle/biprop f709fc5): weights, batch-norm values with relu and with
 * sign activations, layers, and weights kept at each of the shares. */
interface Row {
  arch: ArchitectureName;
  width?: number;
  layers: number;
  weights: number;
  norms: [number, number];
  kept: number[];
}
const row = (
  arch: ArchitectureName,
  layers: number,
  weights: number,
  norms: [number, number],
  kept: number[],
  width?: number,
): Row => ({arch, layers, weights, norms, kept, width});

const table: Row[] = [
  row("conv2", 5, 4_300_992, [0, 1280], [215_052, 430_101, 860_200, 1_075_248, 1_720_399, 2_150_496]),
  row("conv4", 7, 2_425_024, [0, 1792], [121_254, 242_505, 485_008, 606_256, 970_013, 1_212_512]),
  row("conv6", 9, 2_261_184, [0, 2816], [113_063, 226_122, 452_241, 565_296, 904_478, 1_130_592]),
  row("conv8", 11, 5_275_840, [0, 4864], [263_797, 527_588, 1_055_173, 1_318_960, 2_110_342, 2_637_920]),
  row("conv4", 7, 607_328, [0, 896], [30_370, 60_736, 121_468, 151_832, 242_934, 303_664], 0.5),
  row("conv4", 7, 5_453_088, [0, 2688], [272_657, 545_312, 1_090_621, 1_363_272, 2_181_238, 2_726_544], 1.5),
  row("conv4", 7, 9_691_520, [0, 3584], [484_579, 969_155, 1_938_307, 2_422_880, 3_876_611, 4_845_760], 2),
  row("conv6", 9, 566_368, [0, 1408], [28_323, 56_641, 113_277, 141_592, 226_551, 283_184], 0.5),
  row("conv6", 9, 5_084_448, [0, 4224], [254_226, 508_449, 1_016_894, 1_271_112, 2_033_783, 2_542_224], 1.5),
  row("conv6", 9, 9_036_160, [0, 5632], [451_812, 903_620, 1_807_236, 2_259_040, 3_614_468, 4_518_080], 2),
  row("conv8", 11, 1_320_032, [0, 2432], [66_007, 132_009, 264_011, 330_008, 528_017, 660_016], 0.5),
  row(
    "conv8",
    11,
    11_867_424,
    [0, 7296],
    [593_376, 1_186_747, 2_373_490, 2_966_856, 4_746_975, 5_933_712],
    1.5,
  ),
  row(
    "conv8",
    11,
    21_094_784,
    [0, 9728],
    [1_054_744, 2_109_484, 4_218_962, 5_273_696, 8_437_918, 10_547_392],
    2,
  ),
  row("vgg-small", 7, 4_656_512, [1792, 1792], [232_828, 465_654, 931_306, 1_164_128, 1_862_608, 2_328_256]),
  row(
    "vgg-small-bn",
    7,
    4_656_512,
    [3584, 3584],
    [232_828, 465_654, 931_306, 1_164_128, 1_862_608, 2_328_256],
  ),
  row(
    "vgg-small-bn",
    7,
    7_249_120,
    [4480, 4480],
    [362_456, 724_912, 1_449_824, 1_812_280, 2_899_648, 3_624_560],
    1.25,
  ),
  row(
    "cifar-resnet18",
    21,
    11_164_352,
    [9600, 9600],
    [558_228, 1_116_445, 2_232_880, 2_791_088, 4_465_751, 5_582_176],
  ),
  row("cifar-resnet20", 22, 270_896, [1568, 1568], [13_557, 27_101, 54_188, 67_724, 108_368, 135_448]),
  row("cifar-resnet32", 34, 464_432, [2464, 2464], [23_241, 46_461, 92_900, 116_108, 185_788, 232_216]),
  row("cifar-resnet44", 46, 657_968, [3360, 3360], [32_925, 65_821, 131_612, 164_492, 263_208, 328_984]),
  row("cifar-resnet56", 58, 851_504, [4256, 4256], [42_609, 85_181, 170_324, 212_876, 340_628, 425_752]),
  row("cifar-resnet110", 112, 1_722_416, [8288, 8288], [86_187, 172_301, 344_528, 430_604, 689_018, 861_208]),
  row(
    "resnet18",
    21,
    11_678_912,
    [9600, 9600],
    [583_956, 1_167_901, 2_335_792, 2_919_728, 4_671_575, 5_839_456],
  ),
  row(
    "resnet34",
    37,
    21_779_648,
    [17_024, 17_024],
    [1_089_002, 2_177_983, 4_355_946, 5_444_912, 8_711_877, 10_889_824],
  ),
  row(
    "resnet50",
    54,
    25_502_912,
    [53_120, 53_120],
    [1_275_174, 2_550_318, 5_100_607, 6_375_728, 10_201_191, 12_751_456],
  ),
  row(
    "wide-resnet18",
    21,
    25_636_032,
    [14_080, 14_080],
    [1_281_812, 2_563_613, 5_127_216, 6_409_008, 10_254_423, 12_818_016],
  ),
  row(
    "wide-resnet34",
    37,
    48_270_528,
    [25_088, 25_088],
    [2_413_546, 4_827_071, 9_654_122, 12_067_632, 19_308_229, 24_135_264],
  ),
  row(
    "wide-resnet50",
    54,
    68_814_016,
    [68_224, 68_224],
    [3_440_727, 6_881_427, 13_762_830, 17_203_504, 27_525_634, 34_407_008],
  ),
];

for (const {arch, width = 1, layers, weights, norms, kept} of table) {
  test(`${arch} at width ${width} has ${weights} weights in ${layers} layers, and keeps the reference's counts`, () => {
    const [relu, sign] = (["relu", "sign"] as const).map(activation => counts(arch, 1, width, activation));
    assert.deepEqual([relu.weights, sign.weights], [weights, weights]);
    assert.deepEqual([relu.layers.length, sign.layers.length], [layers, layers]);
    assert.deepEqual([relu.batchNormValues, sign.batchNormValues], norms);
    assert.equal(relu.kept, weights, "k = 1 keeps all");
    assert.deepEqual(
      shares.map(k => counts(arch, k, width).kept),
      kept,
    );
  });
}

test("batch norm always: the weights of the net without, and with ReLU the batch-norm values of its sign net", () => {
  for (const arch of ["conv2", "conv8"] as const) {
    const plain = counts(arch, 0.2);
    for (const activation of ["relu", "sign"] as const)
      assert.deepEqual(counts(`${arch}-bn`, 0.2, 1, activation), plain);
  }
});

test("batch norm never: the weights of the net with, and no batch-norm values", () => {
  for (const arch of ["conv2", "conv8"] as const) {
    const {weights} = counts(arch, 0.2, 1, "sign");
    const without = counts(`${arch}-no-bn`, 0.2, 1, "sign");
    assert.deepEqual([without.weights, without.batchNormValues], [weights, 0]);
  }
});

test("every architecture of the paper's is in the table above", () => {
  const ours = ["digits", "conv2-bn", "conv8-bn", "conv2-no-bn", "conv8-no-bn"];
  const counted = new Set<string>([...table.map(({arch}) => arch), ...ours]);
  assert.deepEqual(counted, new Set(architectureNames));
});

test("the digits net has 824,096 weights", () => {
  const {layers, weights, batchNormValues} = counts("digits", 0.2);
  assert.deepEqual(
    layers.map(layer => layer.weights),
    [288, 18_432, 802_816, 2560],
  );
  assert.equal(weights, 824_096);
  assert.equal(batchNormValues, 2 * (32 + 64 + 256));
});
