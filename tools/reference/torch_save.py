"""Writes the small torch.save files that the tests of the .pth reader read.

    python tools/reference/torch_save.py tests/fixtures/torch-save

expected.json beside them holds the numbers of every tensor that can be read.
"""

import collections
import json
import os
import sys
from pathlib import Path

import torch


def checkpoint():
    """Like a file of salesforce/BLIP: tensors under 'model', beside what training kept."""
    base = torch.arange(12, dtype=torch.float32) / 7
    model = collections.OrderedDict(
        matrix=torch.arange(6, dtype=torch.float32).reshape(2, 3) - 2.5,
        half=torch.tensor([1.5, -0.25, 65504.0], dtype=torch.float16),
        bfloat=torch.tensor([[3.140625], [-1e30]], dtype=torch.bfloat16),
        tied_one=base[:8].reshape(2, 4),
        tied_two=base[:8].reshape(2, 4),
        view=base[5:11].reshape(3, 2),
        parameter=torch.nn.Parameter(torch.ones(1, 2, 1)),
        scalar=torch.tensor(0.07),
        empty=torch.zeros(0, 4),
        one_row=torch.arange(8, dtype=torch.float32).reshape(4, 2).t()[:1, 1:2],
        position_ids=torch.arange(4).expand(1, -1),
    )
    model._metadata = collections.OrderedDict({"": {"version": 1}})
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.AdamW([weight], lr=1e-5)
    weight.grad = torch.ones(2)
    optimizer.step()
    config = {"image_root": "/photos/", "vit": "base", "sizes": [224, 384], "amp": False, "none": None}
    return {"model": model, "optimizer": optimizer.state_dict(), "config": config, "epoch": 19}


class Evil:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def main(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    whole = checkpoint()
    torch.save(whole, folder / "checkpoint.pth")
    torch.save(dict(whole["model"]), folder / "bare.pth")
    torch.save({"model": {"transposed": torch.arange(6.0).reshape(2, 3).t()}}, folder / "transposed.pth")
    torch.save({"model": {"weight": torch.ones(2)}, "args": Evil()}, folder / "evil.pth")
    torch.save({"weight": torch.ones(2)}, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    floats = {k: t for k, t in whole["model"].items() if t.is_floating_point()}
    expected = {
        name: {"shape": list(t.shape), "values": t.detach().double().flatten().tolist()}
        for name, t in floats.items()
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
