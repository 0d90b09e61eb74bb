"""Writes this folder by PyTorch itself: one small checkpoint in the forms in which people have them, and expected.json,
the ticket in each (signs of the kept weights in the layout of a ticket, and gains), computed with NumPy.

python make.py (with torch and numpy)"""
import argparse, collections, json, os, pathlib, sys, types
import numpy as np
import torch

KEEP = 0.4
here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)
# The network `digits` at width 0.04 as the reference would lay it out: OIHW, fully connected layers as 1×1 convolutions.
shapes = {"convs.0": (1, 1, 3, 3), "convs.1": (2, 1, 3, 3), "linear.0": (10, 98, 1, 1), "linear.1": (10, 10, 1, 1)}
numbers = {name: (rng.normal(size=shape).astype(np.float32), rng.uniform(-1, 1, shape).astype(np.float32)) for name, shape in shapes.items()}


def checkpoint(change=lambda tensor: tensor, prefix="module."):
    state = collections.OrderedDict()
    for name, (weights, scores) in numbers.items():
        state[f"{prefix}{name}.weight"] = change(torch.tensor(weights))
        state[f"{prefix}{name}.scores"] = change(torch.tensor(scores))
    return {"epoch": 3, "arch": "Digits", "state_dict": state, "best_acc1": 12.5, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]}}


def save(name, value, **options):
    torch.save(value, os.path.join(here, f"{name}.pth"), **options)


def ticket(widened=lambda values: values):
    """The rule of SubnetConv: the first int((1 - k) n) of the sorted |scores| are pruned; of ties the first stay."""
    layers = []
    for name, (weights, scores) in numbers.items():
        weights, scores = widened(weights), widened(scores)
        n = scores.size
        order = np.lexsort((np.arange(n), -np.abs(scores.ravel())))
        mask = np.zeros(n)
        mask[order[: n - int((1 - KEEP) * n)]] = 1
        mask = mask.reshape(weights.shape)
        gain = float(np.sum(np.abs(weights.astype(np.float64)) * mask) / int(KEEP * n))
        signs = (np.sign(weights) * mask).astype(int)
        # A fully connected layer behind the last pooling sees 2 channels of 7 × 7, channels first.
        channels = signs.reshape(10, 2, 7, 7) if name == "linear.0" else signs
        layers.append({"signs": channels.transpose(2, 3, 1, 0).ravel().tolist(), "gain": gain})
    return layers


def with_(**entries):
    return {**checkpoint(), **entries}


def renamed(key):
    value = checkpoint()
    return {key if k == "state_dict" else k: v for k, v in value.items()}


def flat():
    """Every tensor a view of one storage, as flattening optimizers leave them."""
    value = checkpoint()
    state = value["state_dict"]
    storage = torch.cat([tensor.flatten() for tensor in state.values()])
    at = 0
    for name, tensor in list(state.items()):
        state[name] = storage[at : at + tensor.numel()].view(tensor.shape)
        at += tensor.numel()
    return value


widths = {"float16": torch.float16, "bfloat16": torch.bfloat16}
expected = {"keepFraction": KEEP, "torch": torch.__version__, "float32": ticket()}
save("zip", checkpoint())
save("legacy", checkpoint(), _use_new_zipfile_serialization=False)
save("legacy-protocol4", flat(), _use_new_zipfile_serialization=False, pickle_protocol=4)
for protocol in (1, 4, 5):
    save(f"protocol{protocol}", checkpoint(), pickle_protocol=protocol)
save("channels-last", checkpoint(lambda tensor: tensor.to(memory_format=torch.channels_last)))
save("transposed", checkpoint(lambda tensor: tensor.permute(1, 0, 3, 2).contiguous().permute(1, 0, 3, 2)))
save("flat", flat())
save("double", checkpoint(lambda tensor: tensor.double()))
save("parameters", checkpoint(torch.nn.Parameter))
save("bare", checkpoint()["state_dict"])
save("model-key", renamed("model"))
save("compiled", checkpoint(prefix="module._orig_mod."))
save("no-prefix", checkpoint(prefix=""))
save("foreign", with_(args=argparse.Namespace(lr=0.1, data=pathlib.Path("/data")), best_acc1=np.float64(3.5), device=torch.device("cpu"),
                      size=torch.Size([1, 2]), seen={1, 2}, odd={None: 1, (1, 2): 3}, random=np.arange(5), raw=b"abc"))
for name, width in widths.items():
    save(name, checkpoint(lambda tensor: tensor.to(width)))
    expected[name] = ticket(lambda values: torch.tensor(values).to(width).to(torch.float32).numpy())

for rule in ("SubnetConv", "SampleSubnetConv", "FixedSubnetConv", "OwnSubnetConv"):
    save(f"rule-{rule}", with_(conv_type=rule, prune_rate=KEEP))
save("two-models", with_(model=checkpoint()["state_dict"], ema=checkpoint()["state_dict"]) | {"state_dict": None})
both = checkpoint()
both["state_dict"]["module.convs.0.bias"] = torch.zeros(1)
save("bias", both)
dense = checkpoint()
del dense["state_dict"]["module.convs.0.scores"]
save("first-dense", dense)
constant = checkpoint()
constant["state_dict"]["module.linear.1.scores"] = torch.full((10, 10, 1, 1), 0.5)
save("constant-scores", constant)


class Whole(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 2)


Whole.__module__ = "frankle"
sys.modules["frankle"] = types.ModuleType("frankle")
sys.modules["frankle"].Whole = Whole
save("whole-model", Whole())
save("whole-model-legacy", Whole(), _use_new_zipfile_serialization=False)
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(expected, file)
