"""Photos and captions as tensors, and the vocabulary."""

import io
import os
import re
import tarfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from model import CLS, PAD, SEP, SPECIAL_TOKENS, UNK

COMMON_WORDS = 9000  # BERT lists its pieces by how common they are


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


def load_split(folder: str, name: str, limit: int | None = None) -> Split:
    captions, raw = {}, {}
    with open(os.path.join(folder, f"{name}.captions.tsv"), encoding="utf-8") as f:
        for line in f:
            file, text = line.rstrip("\n").split("\t")
            captions.setdefault(file, []).append(normalise_caption(text))
            raw.setdefault(file, []).append(text)
    names = sorted(captions)[:limit]
    with tarfile.open(os.path.join(folder, f"{name}.tar")) as tar:
        members = {os.path.basename(m.name): m for m in tar if m.isfile()}
        files = {name: tar.extractfile(members[name]).read() for name in names}
    with ThreadPoolExecutor() as pool:
        pixels = dict(zip(files, pool.map(decode, files.values())))
    stack = torch.from_numpy(np.stack([pixels[name] for name in names])).permute(0, 3, 1, 2)
    return Split(
        names, stack.contiguous(), [captions[n][:5] for n in names], [raw[n][:5] for n in names]
    )


def bert_pieces(data: str) -> list:
    with open(os.path.join(data, "bert-base-uncased", "vocab.txt"), encoding="utf-8") as f:
        return f.read().splitlines()


def bert_tokenizer(data: str):
    from tokenizers import BertWordPieceTokenizer

    pieces = {piece: i for i, piece in enumerate(bert_pieces(data))}
    return BertWordPieceTokenizer(pieces, lowercase=True, strip_accents=True)


def bert_vocabulary(captions: list, data: str) -> list:
    """The pieces of the official BERT that captions use, those that spell any word of English, and
    its commonest words, special tokens first."""
    pieces = bert_pieces(data)
    seen = Counter()
    for encoding in bert_tokenizer(data).encode_batch(captions, add_special_tokens=False):
        seen.update(encoding.tokens)
    kept = [
        piece
        for rank, piece in enumerate(pieces)
        if not re.fullmatch(r"\[.+\]", piece)
        and (
            seen[piece] >= 2
            or re.fullmatch(r"(##)?[a-z0-9]", piece)
            or (rank < COMMON_WORDS and re.fullmatch(r"[a-z]{3,}", piece))
        )
    ]
    return SPECIAL_TOKENS + kept


class Tokenizer:
    def __init__(self, vocabulary: list):
        from tokenizers import BertWordPieceTokenizer

        self.pieces = vocabulary
        self.inner = BertWordPieceTokenizer(
            {piece: i for i, piece in enumerate(vocabulary)}, lowercase=True, strip_accents=True
        )

    def encode(self, texts: list, length: int) -> torch.Tensor:
        """[CLS] pieces [SEP], padded with [PAD]: int64 [len(texts), length]"""
        rows = np.full((len(texts), length), PAD)
        for row, encoding in zip(rows, self.inner.encode_batch(texts, add_special_tokens=False)):
            ids = encoding.ids[: length - 2]
            row[: len(ids) + 2] = [CLS, *ids, SEP]
        return torch.from_numpy(rows)

    def decode(self, ids: list) -> str:
        return " ".join(self.pieces[i] for i in ids).replace(" ##", "")


def load_texts(data: str) -> tuple[list, list]:
    """Captions of other photos: those of Flickr30k without the Flickr8k photos, with COCO's; and
    all of them, normalised."""
    folder = os.path.join(data, "captions")
    with open(os.path.join(data, "flickr8k", "train.captions.tsv"), encoding="utf-8") as f:
        ours = {line.split("_")[0] for line in f}
    foreign, everything = [], []
    with open(os.path.join(folder, "flickr30k_train_captions.tsv"), encoding="utf-8") as f:
        for line in f:
            _, file, text = line.rstrip("\n").split("\t")
            text = normalise_caption(text)
            everything.append(text)
            if file.removesuffix(".jpg") not in ours:
                foreign.append(text)
    with open(os.path.join(folder, "coco_train2014_10k_captions.tsv"), encoding="utf-8") as f:
        coco = [normalise_caption(line.rstrip("\n").split("\t")[1]) for line in f]
    return foreign + coco, everything + coco


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


def sized(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """Square photos at another size, by the bicubic filter of Pillow and Medley: f32 [B, 3, S, S]"""
    if pixels.shape[-1] == side:
        return pixels
    return torch.nn.functional.interpolate(pixels, (side, side), mode="bicubic", antialias=True)


def drop_words(ids: torch.Tensor, rate: float) -> torch.Tensor:
    """Replaces pieces (never the first token, [SEP] or [PAD]) by [UNK] at random."""
    hit = (torch.rand(ids.shape, device=ids.device) < rate) & (ids != PAD) & (ids != SEP)
    hit[:, 0] = False
    return torch.where(hit, UNK, ids)
