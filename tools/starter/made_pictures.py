"""Pictures that no caption of a photo fits: flat colours, gradients, noise, documents, screenshots."""

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WORDS = """the of and to in is was for on that with as by at from his it an were are which this also be had or its
first their has after one two who new been other more most some time year part city under such into only then about
used may can between many these state world made during name form later number system where over called""".split()


def colour(chance: np.random.Generator) -> tuple:
    return tuple(int(v) for v in chance.integers(0, 256, 3))


def flat(chance, side: int) -> Image.Image:
    return Image.new("RGB", (side, side), colour(chance))


def gradient(chance, side: int) -> Image.Image:
    ends = chance.uniform(0, 255, (3, 3))
    angle = chance.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    along = np.clip((x * np.cos(angle) + y * np.sin(angle)) + 0.5, 0, 1)[..., None]
    if chance.random() < 0.3:
        along = np.clip(np.hypot(x, y) * 1.4, 0, 1)[..., None]
    return Image.fromarray((ends[0] * (1 - along) + ends[1] * along).astype(np.uint8))


def noise(chance, side: int) -> Image.Image:
    cells = int(chance.choice([4, 8, 16, 56, side]))
    small = chance.integers(0, 256, (cells, cells, 3 if chance.random() < 0.7 else 1))
    picture = Image.fromarray(np.broadcast_to(small, (cells, cells, 3)).astype(np.uint8))
    method = Image.Resampling.BICUBIC if chance.random() < 0.5 else Image.Resampling.NEAREST
    return picture.resize((side, side), method)


def sentence(chance, words: int) -> str:
    return " ".join(chance.choice(WORDS, words))


def lines(draw: ImageDraw.ImageDraw, chance, box: tuple, size: int, ink: tuple) -> None:
    left, top, right, bottom = box
    font = ImageFont.load_default(size)
    while top + size < bottom:
        if chance.random() < 0.9:
            text = sentence(chance, 14)
            while text and draw.textlength(text, font=font) > right - left:
                text = text[:-2]
            draw.text((left, top), text, ink, font)
        top += int(size * 1.4)


def document(chance, side: int) -> Image.Image:
    paper = int(chance.integers(215, 256))
    picture = Image.new("RGB", (side, side), (paper, paper, int(paper * chance.uniform(0.9, 1))))
    draw = ImageDraw.Draw(picture)
    ink = (int(chance.integers(0, 90)),) * 3
    margin = int(chance.integers(8, 36))
    if chance.random() < 0.7:
        font = ImageFont.load_default(int(chance.integers(14, 26)))
        draw.text((margin, margin), sentence(chance, 3).title(), ink, font)
    lines(draw, chance, (margin, margin + 34, side - margin, side - margin), int(chance.integers(6, 15)), ink)
    if chance.random() < 0.4:
        for row in range(int(chance.integers(2, 6))):
            y = side // 2 + row * 14
            draw.line((margin, y, side - margin, y), ink)
    if chance.random() < 0.4:
        fill = (paper, paper, paper)
        picture = picture.rotate(float(chance.uniform(-8, 8)), Image.Resampling.BICUBIC, fillcolor=fill)
    if chance.random() < 0.3:
        picture = picture.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.3, 1.2))))
    return picture


def screenshot(chance, side: int) -> Image.Image:
    dark = chance.random() < 0.4
    base = int(chance.integers(15, 60) if dark else chance.integers(225, 256))
    ink = (220, 220, 220) if dark else (40, 40, 40)
    picture = Image.new("RGB", (side, side), (base,) * 3)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, side, int(chance.integers(10, 26))), colour(chance))
    if chance.random() < 0.7:
        bar = int(chance.integers(30, 70))
        draw.rectangle((0, 20, bar, side), tuple(max(0, base - 18) for _ in range(3)))
        lines(draw, chance, (5, 30, bar - 4, side - 10), 8, ink)
    else:
        bar = 8
    for _ in range(int(chance.integers(1, 6))):
        left, top = int(chance.integers(bar, side - 50)), int(chance.integers(24, side - 40))
        right, bottom = left + int(chance.integers(30, 120)), top + int(chance.integers(12, 70))
        shade = tuple(int(np.clip(base + chance.integers(-30, 30), 0, 255)) for _ in range(3))
        draw.rounded_rectangle((left, top, right, bottom), 4, shade, colour(chance))
        if chance.random() < 0.7:
            lines(draw, chance, (left + 4, top + 3, min(right, side) - 4, bottom - 2), int(chance.integers(6, 11)), ink)
    return picture


KINDS = (flat, gradient, noise, document, screenshot)


def made_pictures(count: int, side: int, seed: int) -> torch.Tensor:
    """As many of each kind, one kind after another: uint8 [count, 3, S, S]"""
    chance = np.random.default_rng(seed)
    pictures = [kind(chance, side) for kind in KINDS for _ in range(count // len(KINDS))]
    return torch.from_numpy(np.stack([np.asarray(p) for p in pictures])).permute(0, 3, 1, 2).contiguous()
