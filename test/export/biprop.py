"""Logits of chrundle/biprop's own model: python biprop.py CLONE FOLDER, with FOLDER/ticket.pth and images.f32 (NHWC)."""
import contextlib
import io
import json
import os
import sys

import numpy as np
import torch

clone, folder = sys.argv[1:]
checkpoint = torch.load(os.path.join(folder, "ticket.pth"), weights_only=True)
config = os.path.join(folder, "config.yml")
with open(config, "w") as file:
    file.write(f"conv_type: {checkpoint['conv_type']}\nbn_type: {checkpoint['bn_type']}\n")
sys.argv = ["main.py", "--config", config, "--arch", checkpoint["arch"]]
sys.path.insert(0, clone)
with contextlib.redirect_stdout(io.StringIO()):
    from args import args

    given = ("conv_type", "bn_type", "prune_rate", "width_mult")
    vars(args).update({key: checkpoint[key] for key in given})
    vars(args).update(mode="fan_in", nonlinearity="relu", init="kaiming_normal", debug=False, scale_fan=False)
    vars(args).update(first_layer_type=None, first_layer_dense=False, last_layer_dense=False)
    import models
    from utils.net_utils import set_model_prune_rate

    model = models.__dict__[checkpoint["arch"]]()
    set_model_prune_rate(model, args.prune_rate)
    state = checkpoint["state_dict"]
    model.load_state_dict({key.removeprefix("module."): value for key, value in state.items()})
    model.eval()
images = torch.from_numpy(np.fromfile(os.path.join(folder, "images.f32"), dtype=np.float32))
with torch.no_grad():
    logits = model(images.reshape(-1, 32, 32, 3).permute(0, 3, 1, 2).contiguous())
print(json.dumps(logits.tolist()))
