"""Flickr8k as tensors: photos on the GPU, a WordPiece vocabulary from the training captions."""

import io
import os
import re
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from model import CLS, PAD, SEP, SPECIAL_TOKENS, UNK


def normalise_caption(text: str) -> str:
    """BLIP's pre_caption: lower case, some punctuation to spaces, single spaces."""
    text = re.sub(r"[.!\"()*#:;~]", " ", text.lower())
    return re.sub(r"\s{2,}", " ", text).strip()


@dataclass
class Split:
    names: list
    images: torch.Tensor  # uint8 [N, 3, 224, 224]
    captions: list  # N lists of five strings, normalised
    raw_captions: list  # the same, as people wrote them


def decode(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def load_split(folder: str, name: str) -> Split:
    captions, raw = {}, {}
    with open(os.path.join(folder, f"{name}.captions.tsv"), encoding="utf-8") as f:
        for line in f:
            file, text = line.rstrip("\n").split("\t")
            captions.setdefault(file, []).append(normalise_caption(text))
            raw.setdefault(file, []).append(text)
    with tarfile.open(os.path.join(folder, f"{name}.tar")) as tar:
        files = {os.path.basename(m.name): tar.extractfile(m).read() for m in tar if m.isfile()}
    with ThreadPoolExecutor() as pool:
        pixels = dict(zip(files, pool.map(decode, files.values())))
    names = sorted(name for name in captions if name in pixels)
    stack = torch.from_numpy(np.stack([pixels[name] for name in names])).permute(0, 3, 1, 2)
    return Split(
        names, stack.contiguous(), [captions[n][:5] for n in names], [raw[n][:5] for n in names]
    )


def train_vocabulary(captions: list, size: int) -> list:
    """WordPiece pieces, special tokens first."""
    from tokenizers import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(lowercase=True, strip_accents=True)
    tokenizer.train_from_iterator(
        captions, vocab_size=size, min_frequency=2, special_tokens=SPECIAL_TOKENS, show_progress=False
    )
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.get)


class Tokenizer:
    def __init__(self, vocabulary: list):
        from tokenizers import BertWordPieceTokenizer

        self.pieces = vocabulary
        self.inner = BertWordPieceTokenizer(
            {piece: i for i, piece in enumerate(vocabulary)}, lowercase=True, strip_accents=True
        )

    def encode(self, texts: list, length: int) -> torch.Tensor:
        """[CLS] pieces [SEP], padded with [PAD]: int64 [len(texts), length]"""
        rows = torch.full((len(texts), length), PAD)
        for row, text in zip(rows, texts):
            ids = self.inner.encode(text, add_special_tokens=False).ids[: length - 2]
            row[: len(ids) + 2] = torch.tensor([CLS, *ids, SEP])
        return rows

    def decode(self, ids: list) -> str:
        return " ".join(self.pieces[i] for i in ids).replace(" ##", "")


def augment(images: torch.Tensor) -> torch.Tensor:
    """Random resized crop from half the area, flip, small rotation and shear, brightness, contrast
    and saturation, random erasing. uint8 [B, 3, S, S] -> f32 [B, 3, S, S] in [-1, 1]."""
    count, device = len(images), images.device

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.empty(count, *shape, device=device).uniform_(low, high)

    scale = uniform(0.5, 1).sqrt()
    ratio = (uniform(-1, 1) * 0.28).exp().sqrt()
    sx, sy = (scale * ratio).clamp(max=1), (scale / ratio).clamp(max=1)
    angle, shear = uniform(-0.15, 0.15), uniform(-0.1, 0.1)
    flip = (uniform(0, 1) < 0.5).float() * 2 - 1
    theta = torch.stack(
        [
            torch.stack([sx * flip * angle.cos(), -sy * (angle + shear).sin(), uniform(-1, 1) * (1 - sx)], 1),
            torch.stack([sx * flip * angle.sin(), sy * (angle + shear).cos(), uniform(-1, 1) * (1 - sy)], 1),
        ],
        dim=1,
    )
    x = images.float() / 255
    grid = torch.nn.functional.affine_grid(theta, list(x.shape), align_corners=False)
    x = torch.nn.functional.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    jitter = 0.35
    x = x * uniform(1 - jitter, 1 + jitter, 1, 1, 1)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * uniform(1 - jitter, 1 + jitter, 1, 1, 1) + mean
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(1 - jitter, 1 + jitter, 1, 1, 1) + grey
    side = images.shape[-1]
    ys = torch.arange(side, device=device)[None, :, None] / side
    xs = torch.arange(side, device=device)[None, None, :] / side
    cy, cx = uniform(0, 1, 1, 1), uniform(0, 1, 1, 1)
    half = uniform(0.08, 0.22, 1, 1) * (uniform(0, 1, 1, 1) < 0.4)
    hole = ((ys - cy).abs() < half) & ((xs - cx).abs() < half)
    x = torch.where(hole[:, None], mean, x)
    return x.clamp(0, 1) * 2 - 1


def drop_words(ids: torch.Tensor, rate: float) -> torch.Tensor:
    """Replaces pieces (never the first token, [SEP] or [PAD]) by [UNK] at random."""
    hit = (torch.rand(ids.shape, device=ids.device) < rate) & (ids != PAD) & (ids != SEP)
    hit[:, 0] = False
    return torch.where(hit, UNK, ids)
