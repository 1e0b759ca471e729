"""BLIP-base and BLIP-large sized checkpoints with random weights and what transformers makes of photos with them.

    python full_size.py OUT_FOLDER PHOTO... [--sizes base large] [--device cuda] [--no-yardstick]

Writes OUT_FOLDER/{base,large}-{matching,captioning}, each laid out as save_pretrained lays it out, in f32, with
its reference/ (blip.py, `write_reference`) computed in f32. The yardstick is how far transformers strays from that
in f16 on the same device. `medley parity FOLDER` then compares Medley with it. The vocabulary is made up, of
BERT's size.
"""

import argparse
import itertools
import time
from pathlib import Path

import torch
from PIL import Image
from transformers.utils import logging

from blip import (
    Inputs,
    Reference,
    Shape,
    captioning_model,
    errors_of,
    lack_of_variety,
    read_tokenizer,
    retrieval_model,
    write_reference,
    write_tokenizer_and_processor,
)

WIDTH, HEADS, INNER = 768, 12, 3072
SIZES = {
    "base": Shape(384, 16, 768, 12, 12, 3072, WIDTH, 12, HEADS, INNER, 256),
    "large": Shape(384, 16, 1024, 24, 16, 4096, WIDTH, 12, HEADS, INNER, 256),
}
ROLES = {"matching": "retrieval", "captioning": "captioning"}
TEXTS = ["a dog walks on the beach", "two people holding flowers in a garden", "boats",
         "an old man and a young woman stand by a tree and look at the water"]
FORCED = "a picture of two brown horses eating near the water"
COMMON = {"prompt": "", "minLength": 5, "maxLength": 20, "repetitionPenalty": 1}
DECODINGS = [
    {"method": "greedy", **COMMON},
    {"method": "beam", "beams": 3, **COMMON},
    {"method": "beam", "beams": 3, **COMMON, "prompt": "a picture of"},
]
SEED, END_BIAS = 2, 7.0


def made_up_vocabulary(size=30522):
    """BERT's special tokens where BERT has them, the words used above, and syllables up to BERT's size."""
    special = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
    words = sorted(set(" ".join([*TEXTS, FORCED]).split()))
    syllables = ("".join(parts) for n in (2, 3) for parts in itertools.product("bdfgklmnprstvz", "aeiou", repeat=n))
    others = itertools.chain(words, (piece for piece in syllables if piece not in words))
    return "\n".join(special.get(i) or next(others) for i in range(size)) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("photos", nargs="+")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--no-yardstick", action="store_true", help="leave out transformers in f16")
    options = parser.parse_args()
    logging.disable_progress_bar()
    # The truth is f32: no TF32 in matrix products or convolutions.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False

    vocabulary = made_up_vocabulary()
    for size, (role, part) in itertools.product(options.sizes, ROLES.items()):
        start = time.perf_counter()
        shape = SIZES[size]
        folder = options.out / f"{size}-{role}"
        folder.mkdir(parents=True, exist_ok=True)
        write_tokenizer_and_processor(folder, vocabulary, shape.image_size)
        tokenizer = read_tokenizer(folder / "vocab.txt")
        config = shape.config(tokenizer)
        model = retrieval_model(config, SEED) if role == "matching" else captioning_model(config, SEED, END_BIAS)
        model.save_pretrained(folder, max_shard_size="5GB")
        square = (shape.image_size, shape.image_size)
        photos = [Image.open(photo).convert("RGB").resize(square, Image.BICUBIC) for photo in options.photos]
        inputs = Inputs(photos, TEXTS, FORCED, DECODINGS)
        outputs = Reference(tokenizer, inputs, device=options.device, **{part: model}).run()
        lack = lack_of_variety(outputs)
        yardstick = None
        if not options.no_yardstick:
            half = Reference(tokenizer, inputs, device=options.device, dtype=torch.float16, **{part: model}).run()
            where = torch.cuda.get_device_name() if options.device == "cuda" else "CPU"
            yardstick = {"on": f"{where}, transformers f16", **errors_of(half, outputs)}
        write_reference(folder, inputs, outputs, yardstick)
        print(f"{folder}: {time.perf_counter() - start:.0f} s, {lack or 'varied'}")
        for output, tensor in outputs.tensors.items():
            print(f"  {output:18} deviation {tensor.std():.2f}, largest {tensor.abs().max():.1f}",
                  "" if yardstick is None else f"f16 strays {yardstick['outputs'][output]}")
        for case in outputs.captions:
            print(f"  {case['method']} {case['prompt']!r}: {case['tokens']}")


main()
