"""Writes what torch makes of small grids, which position embeddings are held to.

    python tools/reference/interpolate.py tests/fixtures/interpolate.json
"""

import json
import sys

import torch


def case(source, target, width):
    generator = torch.Generator().manual_seed(source * 100 + target)
    grid = torch.randn(1, width, source, source, generator=generator)
    resized = torch.nn.functional.interpolate(
        grid, size=(target, target), mode="bicubic", align_corners=False
    )
    rows = lambda x: x.permute(0, 2, 3, 1).flatten().tolist()
    return {"from": source, "to": target, "width": width, "grid": rows(grid), "resized": rows(resized)}


if __name__ == "__main__":
    cases = [case(*sizes) for sizes in [(2, 3, 3), (3, 5, 2), (5, 2, 2), (7, 12, 1), (1, 3, 2)]]
    with open(sys.argv[1], "w") as file:
        file.write(json.dumps(cases) + "\n")
