"""A search step as a careful user of PyTorch writes it, for `multiprize bench --peer`: exact selection by kthvalue,
one autograd function, channels-last memory, bfloat16 by autocast, foreach SGD; crop and flip of the batch as a tensor
of bytes. One argument, a job as JSON; then a line on standard input asks for so many steps, and a line of JSON tells
their milliseconds, those of assembling the batch apart."""
import json
import sys
import time

try:
    import torch
except ImportError:
    sys.exit(f"{sys.executable} has no torch: {sys.executable} -m pip install torch")
import torch.nn as nn
import torch.nn.functional as F

MEAN = (0.491, 0.482, 0.447)
SD = (0.247, 0.243, 0.262)


class Select(torch.autograd.Function):
    """W_eff = alpha * mask * sign(W), alpha the mean of the kept |W|; straight through to the scores."""

    @staticmethod
    def forward(context, scores, weights, keep_fraction):
        size = scores.abs().flatten()
        pruned = int((1 - keep_fraction) * size.numel())
        bound = torch.kthvalue(size, pruned).values if pruned > 0 else size.new_tensor(-1.0)
        mask = (scores.abs() > bound).to(weights.dtype)
        gain = (weights.abs() * mask).sum() / (size.numel() - pruned)
        context.save_for_backward(scores, weights)
        return gain * mask * weights.sign()

    @staticmethod
    def backward(context, gradient):
        scores, weights = context.saved_tensors
        return gradient * weights * scores.sign(), None, None


class Sign(torch.autograd.Function):
    """sign(x), +1 at 0; backward Bi-Real net's piecewise polynomial."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient * (2 - 2 * x.abs()).clamp_(min=0)


class Masked(nn.Module):
    def __init__(self, shape, keep_fraction):
        super().__init__()
        self.keep_fraction = keep_fraction
        self.weight = nn.Parameter(torch.empty(shape), requires_grad=False)
        self.scores = nn.Parameter(torch.empty(shape))
        nn.init.kaiming_normal_(self.weight)
        nn.init.kaiming_uniform_(self.scores, a=5**0.5)

    def effective(self):
        return Select.apply(self.scores, self.weight, self.keep_fraction)


class Conv(Masked):
    def __init__(self, inputs, operation, keep_fraction):
        kernel = operation["kernel"]
        super().__init__((operation["filters"], inputs, kernel, kernel), keep_fraction)
        self.stride, self.padding = operation["stride"], operation["pad"]

    def forward(self, x):
        return F.conv2d(x, self.effective(), None, self.stride, self.padding)


class Dense(Masked):
    def forward(self, x):
        return F.linear(x, self.effective())


class Activate(nn.Module):
    def forward(self, x):
        return Sign.apply(x)


class Norm(nn.BatchNorm2d):
    """Behind convolutions and dense layers alike."""

    def _check_input_dim(self, x):
        pass


class Residual(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main, self.shortcut = main, shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


def build(operations, channels, side, job):
    """Modules of the operations, and the channels and side of what comes out."""
    layers = []
    keep_fraction = job["keepFraction"]
    for operation in operations:
        op = operation["op"]
        if op == "conv":
            layers.append(Conv(channels, operation, keep_fraction))
            channels = operation["filters"]
            side = (side + 2 * operation["pad"] - operation["kernel"]) // operation["stride"] + 1
        elif op == "dense":
            layers.append(Dense((operation["units"], channels * side * side), keep_fraction))
            channels, side = operation["units"], 1
        elif op == "batchnorm":
            layers.append(Norm(channels, affine=False))
        elif op == "relu" or (op == "activation" and job["activation"] == "relu"):
            layers.append(nn.ReLU())
        elif op == "activation":
            layers.append(Activate())
        elif op == "maxpool":
            layers.append(nn.MaxPool2d(operation["size"], operation["stride"], operation["pad"]))
            side = (side + 2 * operation["pad"] - operation["size"]) // operation["stride"] + 1
        elif op == "avgpool":
            layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
            side = 1
        elif op == "flatten":
            layers.append(nn.Flatten())
        elif op == "residual":
            main, after, smaller = build(operation["main"], channels, side, job)
            shortcut, _, _ = build(operation["shortcut"], channels, side, job)
            layers.append(Residual(main, shortcut))
            channels, side = after, smaller
        else:
            sys.exit(f"the peer knows no operation {op}")
    return nn.Sequential(*layers), channels, side


def assembled(images, labels, batch, to_memory):
    """A batch of random pictures, each cropped out of a border of 4 and mirrored by chance, normalised."""
    chosen = torch.randint(0, len(images), (batch,))
    side = images.shape[2]
    down, right = torch.randint(0, 9, (2, batch, 1))
    steps = torch.arange(side)
    columns = torch.where(torch.rand(batch, 1) < 0.5, steps.flip(0), steps) + right
    padded = F.pad(images[chosen], (4, 4, 4, 4))
    rows = down + steps
    each = torch.arange(batch)
    crops = padded[each[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    mean, sd = (torch.tensor(each[: images.shape[1]]).view(1, -1, 1, 1) for each in (MEAN, SD))
    return to_memory((crops.float() / 255 - mean) / sd), labels[chosen]


def main():
    job = json.loads(sys.argv[1])
    torch.manual_seed(0)
    torch.set_num_threads(job["threads"])
    side, _, channels = job["image"]
    net, _, _ = build(job["operations"], channels, side, job)
    net = net.to(memory_format=torch.channels_last)
    forward = torch.compile(net) if "compiled" in job["mode"] else net
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(trained, 0.1, 0.9, weight_decay=1e-4, foreach=True)
    images = torch.randint(0, 256, (4096, channels, side, side), dtype=torch.uint8)
    labels = torch.randint(0, 10, (4096,))

    def step():
        began = time.perf_counter()
        x, y = assembled(
            images, labels, job["batch"], lambda each: each.contiguous(memory_format=torch.channels_last)
        )
        ready = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=job["mode"].startswith("bfloat16")):
            logits = forward(x)
        loss = F.cross_entropy(logits.float(), y)
        loss.backward()
        optimizer.step()
        loss.item()
        return 1000 * (time.perf_counter() - began), 1000 * (ready - began)

    for _ in range(job["warmUp"]):
        step()
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        times = [step() for _ in range(int(line))]
        print(json.dumps([{"stepMs": each, "assemblyMs": part} for each, part in times]), flush=True)


if __name__ == "__main__":
    main()
