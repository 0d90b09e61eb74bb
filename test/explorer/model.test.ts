import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {before, test} from "node:test";
import {loadMnist} from "../../src/data/mnist";
import {addressOf, shownBy} from "../../src/explorer/model/address";
import {type Changes, changedTicket, unchanged} from "../../src/explorer/model/changes";
import {Explorer} from "../../src/explorer/model/explorer";
import {cellOf, mapLayout, weightAt} from "../../src/explorer/model/mapLayout";
import {packPictures, unpackPictures} from "../../src/explorer/model/packed";
import {operationsBefore} from "../../src/explorer/model/prefix";
import {channelStatistics, reestimated} from "../../src/explorer/model/reestimate";
import {rankOf} from "../../src/explorer/model/weight";
import {createInference} from "../../src/infer/inference";
import {networkOfTicket} from "../../src/infer/network";
import {inputOf} from "../../src/infer/pictures/inputOf";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import {atKeepFraction} from "../../src/ticket/atKeepFraction";
import {decodeTicket} from "../../src/ticket/decode";
import type {Ticket} from "../../src/ticket/ticket";
import {TicketError} from "../../src/ticket/ticketError";

const folder = join(__dirname, "..", "..", "data", "tickets");
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, `${name}.mpt`)));
const plain = bytesOf("with-ranks/digits-relu-k0.2-ranks");
const binary = bytesOf("digits-sign-k0.2");
const mnist = loadMnist();
const sample = unpackPictures(packPictures(mnist, {train: 60, test: 60}));

let kernels: WebAssembly.Module;
before(async () => {
  kernels = await loadKernels();
});

const changed = (part: Partial<Changes>): Changes => ({...unchanged, ...part});
const opened = (bytes: Uint8Array): Explorer => {
  const explorer = new Explorer(kernels);
  explorer.open("a.mpt", bytes);
  explorer.use(sample);
  return explorer;
};
const differences = (a: Ticket, b: Ticket): number =>
  a.layers.reduce(
    (sum, {signs}, l) => sum + signs.reduce((n, sign, i) => n + (sign === b.layers[l].signs[i] ? 0 : 1), 0),
    0,
  );
const kept = ({layers}: Ticket): number[] =>
  layers.map(({signs}) => signs.reduce((n, sign) => n + Math.abs(sign), 0));

test("pictures come out of their file as they went in, and a torn one is refused", () => {
  assert.deepEqual(sample.test.images, mnist.test.images.slice(0, 60 * 784));
  assert.deepEqual(sample.train.labels, mnist.train.labels.slice(0, 60));
  const file = packPictures(mnist, {train: 2, test: 2});
  assert.throws(() => unpackPictures(file.subarray(0, file.length - 1)), /header says/);
});

test("signs turn at the share asked for, a larger share turning all that a smaller one does", () => {
  const ticket = decodeTicket(plain);
  const [few, many] = [0.1, 0.3].map(flipped => changedTicket(ticket, changed({flipped})));
  const all = kept(ticket).reduce((a, b) => a + b);
  assert.ok(Math.abs(differences(ticket, few) / all - 0.1) < 0.01);
  assert.deepEqual(kept(few), kept(ticket));
  few.layers.forEach(({signs}, l) => {
    signs.forEach((sign, i) => {
      if (sign !== ticket.layers[l].signs[i]) assert.equal(many.layers[l].signs[i], sign);
    });
  });
});

test("weights drawn anew leave as many kept in each layer, with the seed's signs, and all leave at 1", () => {
  const ticket = decodeTicket(plain);
  const drawn = changedTicket(ticket, changed({redrawn: 1}));
  assert.deepEqual(kept(drawn), kept(ticket));
  const everything = atKeepFraction(ticket, 1);
  drawn.layers.forEach(({signs}, l) => {
    signs.forEach((sign, i) => {
      if (sign === 0) return;
      assert.equal(ticket.layers[l].signs[i], 0);
      assert.equal(sign, everything.layers[l].signs[i]);
    });
  });
});

test("another keep fraction is atKeepFraction's, and the ticket's own is the ticket", () => {
  const ticket = decodeTicket(plain);
  assert.equal(changedTicket(ticket, changed({keepFraction: 0.2})), ticket);
  assert.deepEqual(
    changedTicket(ticket, changed({keepFraction: 0.1})).layers,
    atKeepFraction(ticket, 0.1).layers,
  );
});

test("a share or a gain that is none is refused", () => {
  const ticket = decodeTicket(plain);
  for (const wrong of [{flipped: 1.1}, {redrawn: -1}, {gain: 0}, {gain: Number.NaN}])
    assert.throws(() => changedTicket(ticket, changed(wrong)), /share from 0 to 1|positive number/);
});

test("the gain changes no answer of a plain network, only its confidence", async () => {
  const explorer = opened(plain);
  const [before, after] = [await explorer.accuracy(unchanged), await explorer.accuracy(changed({gain: 3}))];
  assert.equal(after.differ, 0);
  assert.equal(after.right, before.right);
  assert.ok(after.confidence > before.confidence + 0.005);
});

test("a gain that batch norm's stored statistics do not know of changes answers; taken anew they undo it", async () => {
  const explorer = opened(binary);
  const stale = await explorer.accuracy(changed({gain: 5, batchNorm: "stored"}));
  const anew = await explorer.accuracy(changed({gain: 5}));
  const found = await explorer.accuracy(unchanged);
  assert.ok(stale.differ > 5, `${stale.differ}`);
  assert.ok(anew.right >= found.right - 4, `${anew.right} of ${found.right}`);
});

test("an accuracy says what the ticket as found gets right, and an unchanged one differs in nothing", async () => {
  for (const bytes of [plain, binary]) {
    const explorer = opened(bytes);
    const found = await explorer.accuracy(unchanged);
    assert.deepEqual([found.found, found.differ], [found.right, 0]);
    const turned = await explorer.accuracy(changed({flipped: 0.4}));
    assert.equal(turned.found, found.right);
    assert.ok(turned.differ > 0);
    assert.deepEqual(await explorer.accuracy(changed({batchNorm: "stored"})), found);
    assert.notEqual((await explorer.accuracy(changed({noise: 0.5}))).confidence, found.confidence);
  }
});

test("statistics taken anew give every batch norm outputs of mean 0 and variance 1", async () => {
  const ticket = decodeTicket(binary);
  const make = (network: Parameters<typeof createInference>[0]) => createInference(network, {kernels});
  const list = Array.from({length: 60}, (_, i) => sample.train.images.subarray(784 * i, 784 * (i + 1)));
  const images = await inputOf(ticket, list);
  const network = reestimated(networkOfTicket(ticket), ticket, images, 60, make);
  for (const {name, mean} of ticket.batchNorms) {
    const values = make({...network, operations: operationsBefore(network.operations, name)}).logits(
      images,
      60,
    );
    const {scale, shift} = network.norms.get(name)!;
    const normed = values.map((value, i) => value * scale[i % mean.length] + shift[i % mean.length]);
    const statistics = channelStatistics(normed, mean.length);
    const most = Math.max(...statistics.mean.map(Math.abs));
    assert.ok(most < 1e-2, `${name}: a mean of ${most}`);
    // A channel that is always the same has no variance, and ε alone divides it.
    const apart = statistics.variance.filter(each => Math.abs(each - 1) > 1e-2);
    assert.ok(
      apart.every(each => each < 1),
      `${name}: variances ${apart}`,
    );
    assert.ok(apart.length <= mean.length / 4, `${name}: variances ${apart}`);
  }
});

for (const [name, bytes] of [
  ["plain", plain],
  ["binary", binary],
] as const) {
  test(`what all weights of a filter or unit add is its sum (${name})`, async () => {
    const explorer = opened(bytes);
    const {layers} = decodeTicket(bytes);
    const pixels = {width: 28, height: 28, data: sample.test.images.subarray(0, 784)};
    for (const {name: layer, shape, signs} of layers.filter((_, l) => l === 0 || l === 3)) {
      const outputs = shape.at(-1)!;
      let total = 0;
      let sum = 0;
      for (let i = 3; i < signs.length; i += outputs) {
        if (signs[i] === 0) continue;
        const facts = await explorer.weight(pixels, {layer, index: i}, unchanged);
        total += facts.added.values.reduce((a, b) => a + b, 0);
        sum = facts.sum.reduce((a, b) => a + b, 0);
      }
      assert.ok(Math.abs(total - sum) < 1e-3 * Math.max(1, Math.abs(sum)), `${layer}: ${total} for ${sum}`);
    }
  });
}

test("without a weight the answer is the network's without it", async () => {
  const explorer = opened(plain);
  const ticket = decodeTicket(plain);
  const pixels = {width: 28, height: 28, data: sample.test.images.subarray(0, 784)};
  const index = ticket.layers[3].signs.findIndex(sign => sign !== 0);
  const {otherwise} = await explorer.weight(pixels, {layer: "fc2", index}, unchanged);
  const signs = ticket.layers[3].signs.slice();
  signs[index] = 0;
  const layers = ticket.layers.map((layer, l) => (l === 3 ? {...layer, signs} : layer));
  const logits = createInference({...ticket, layers}, {kernels}).logits(await inputOf(ticket, pixels), 1);
  const powers = Array.from(logits, z => Math.exp(z - Math.max(...logits)));
  const sum = powers.reduce((a, b) => a + b);
  powers.forEach((power, i) => void assert.ok(Math.abs(power / sum - otherwise![i]) < 1e-6));
});

test("a weight's rank is that of the search's scores, whatever is changed since, where the file holds ranks", async () => {
  const pixels = {width: 28, height: 28, data: mnist.test.images.subarray(0, 784)};
  const {ranks} = decodeTicket(plain);
  const explorer = opened(plain);
  for (const index of [0, 1, 40, 300]) {
    const rank = rankOf(ranks!, 3, index);
    for (const change of [
      {},
      {keepFraction: 0.1},
      {keepFraction: 0.7, redrawn: 0.5},
      {flipped: 0.3, gain: 2},
    ]) {
      const facts = await explorer.weight(pixels, {layer: "fc2", index}, changed(change));
      assert.deepEqual(facts.rank, rank, JSON.stringify(change));
      const moved = "keepFraction" in change && !("redrawn" in change);
      if (moved) assert.equal(facts.sign !== 0, rank.within <= 0.1);
    }
  }
  assert.equal((await opened(binary).weight(pixels, {layer: "fc2", index: 0}, unchanged)).rank, undefined);
});

test("every weight has a cell of its own on the map", () => {
  const layers = [
    {name: "a", shape: [3, 3, 2, 5]},
    {name: "b", shape: [101, 7]},
  ];
  for (const block of mapLayout(layers, 1.5).blocks) {
    for (let i = 0; i < block.inputs * block.outputs; i++) {
      const {column, row} = cellOf(block, i);
      const at = [block.x + (column + 0.5) * block.cell, block.y + (row + 0.5) * block.cell] as const;
      assert.equal(weightAt(block, ...at), i);
    }
    assert.equal(weightAt(block, block.x - 1, block.y), undefined);
  }
});

test("an address says what is shown, and one that is wrong says nothing", () => {
  const shown = {
    ticket: "digits-relu-k0.2",
    example: 7,
    layer: "fc1",
    weight: 12,
    changes: {keepFraction: 0.1, gain: 2, flipped: 0.05, redrawn: 0.1, noise: 0.2, batchNorm: "stored"},
  } as const;
  assert.deepEqual(shownBy(`#${addressOf(shown)}`), shown);
  assert.equal(addressOf({changes: unchanged}), "");
  assert.deepEqual(shownBy("#ticket=../x&example=-1&weight=1.5&gain=x&flipped=2&noise=NaN"), {
    changes: unchanged,
  });
});

test("a ticket of which the file is torn is refused in a line", () => {
  assert.throws(() => new Explorer(kernels).open("torn.mpt", plain.subarray(0, 1000)), TicketError);
});
