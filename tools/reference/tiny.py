"""Tiny random BLIP checkpoints and what transformers makes of photos and texts with them: the truth for
tests/med/official.test.ts.

    python tiny.py OUT_FOLDER

Writes one checkpoint folder for each line of `main`, each with its reference/ (blip.py, `write_reference`).
Seeds are fixed. Needs torch, transformers, safetensors, pillow and numpy (written with transformers 5.17.0 and
torch 2.11.0; other versions may change last digits and the files beside the weights).
"""

import shutil
import string
import sys
import tempfile
from pathlib import Path

import torch
from transformers import BlipForConditionalGeneration, BlipForImageTextRetrieval
from transformers.utils import logging

from blip import (
    Inputs,
    Reference,
    Shape,
    captioning_model,
    lack_of_variety,
    patterned_photo,
    read_tokenizer,
    retrieval_model,
    write_reference,
    write_tokenizer_and_processor,
)
from layouts import tied_models, write_medley, write_original

WORDS = (
    "an the of in on at by and with near under over two three many old young red blue green white black brown small "
    "large wooden man woman child people dog cat horse bird boat beach hill street house table tree flower picture "
    "photo sits stands walks rides jumps runs sleeps eats looks holding wearing beside through snow water sand grass night"
).split()
ENDINGS = "ing ed er ly es en est".split()
TEXTS = ["a dog walks on the beach", "two people holding flowers", "boats", "an old man and a young woman stand by a tree"]
FORCED = "a picture of two brown horses eating near the water"
DECODINGS = [
    {"method": "greedy", "prompt": "", "minLength": 5, "maxLength": 20, "repetitionPenalty": 1},
    {"method": "beam", "beams": 3, "prompt": "", "minLength": 5, "maxLength": 20, "repetitionPenalty": 1},
    # As Medley captions with official checkpoints.
    {"method": "beam", "beams": 3, "prompt": "a picture of", "minLength": 5, "maxLength": 20, "repetitionPenalty": 1},
    {"method": "beam", "beams": 3, "prompt": "a picture of", "minLength": 8, "maxLength": 16, "repetitionPenalty": 1.1},
]
GENERATION = {"prompt": "", "num_beams": 3, "min_length": 5, "max_length": 20, "repetition_penalty": 1.0}
PHOTOS = 3
END_BIAS = 4.0


def vocabulary():
    letters = string.ascii_lowercase
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".,!?'-", *letters, *WORDS]
    pieces += [f"##{piece}" for piece in (*letters, *ENDINGS)]
    return "\n".join(pieces) + "\n"


class Maker:
    def __init__(self, out):
        self.out = Path(out)
        self.vocabulary = vocabulary()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "vocab.txt"
            file.write_text(self.vocabulary, encoding="utf-8")
            self.tokenizer = read_tokenizer(file)

    def begin(self, name, side):
        """An empty folder with everything but weights."""
        folder = self.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_tokenizer_and_processor(folder, self.vocabulary, side)
        return folder

    def first_varied(self, name, side, models_of, interpolate=False):
        """The first seed whose outputs tell photos apart: random decoders often say one word for ever."""
        for seed in range(100):
            torch.manual_seed(seed)
            photos = [patterned_photo(side, seed * 10 + i) for i in range(PHOTOS)]
            inputs = Inputs(photos, TEXTS, FORCED, DECODINGS, interpolate)
            outputs = Reference(self.tokenizer, inputs, **models_of(seed)).run()
            if (lack := lack_of_variety(outputs)) is None:
                return inputs, outputs
            print(f"  {name}: not seed {seed}: {lack}")
        raise SystemExit(f"{name}: no seed will do")

    def finish(self, folder, inputs, outputs):
        write_reference(folder, inputs, outputs)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{folder.name}: {size / 1024:.0f} KiB", *(case["tokens"] for case in outputs.captions), sep="\n  ")

    def released(self, name, shape, role, dtype=torch.float32, shards=False, side=None):
        """What save_pretrained writes of one of the two models. The reference is computed in f32 from the weights
        as stored. A `side` other than the shape's own goes to preprocessor_config.json alone, and so asks for
        interpolated position embeddings."""
        side = side or shape.image_size
        folder = self.begin(name, side)
        config = shape.config(self.tokenizer)
        retrieval = role == "retrieval"

        def stored(seed):
            made = retrieval_model(config, seed) if retrieval else captioning_model(config, seed, END_BIAS)
            made.to(dtype).save_pretrained(folder, max_shard_size="60KB" if shards else "1GB")
            kind = BlipForImageTextRetrieval if retrieval else BlipForConditionalGeneration
            return {role: kind.from_pretrained(folder, dtype=torch.float32).eval()}

        self.finish(folder, *self.first_varied(name, side, stored, interpolate=side != shape.image_size))

    def whole(self, name, shape, share, write):
        """A checkpoint of all three modes; `write` is given the folder and both models."""
        folder = self.begin(name, shape.image_size)

        def written(seed):
            retrieval, captioning = tied_models(shape.config(self.tokenizer), seed, share, END_BIAS)
            write(folder, retrieval, captioning)
            return {"retrieval": retrieval, "captioning": captioning}

        self.finish(folder, *self.first_varied(name, shape.image_size, written))

    def own(self, name, shape, share):
        self.whole(name, shape, share, lambda *parts: write_medley(*parts, name, share, GENERATION))


#                    side patch | vision: width layers heads inner | text: width layers heads inner | projection
NARROW_TEXT = Shape(32, 8,        30, 2, 5, 36,                          18, 3, 3, 24,                  12, positions=24)
WIDE_TEXT = Shape(48, 16,         18, 2, 3, 40,                          35, 2, 5, 40,                  20, positions=32)
FINE_PATCHES = Shape(28, 4,       24, 3, 4, 32,                          30, 2, 5, 40,                  16, positions=24)
ODD_PATCHES = Shape(35, 7,        20, 2, 5, 28,                          24, 2, 2, 28,                  10, positions=21)
ONE_HEAD = Shape(24, 12,          12, 3, 1, 20,                          18, 2, 3, 24,                  8, positions=24,
                 vision_eps=1e-6)
# salesforce/BLIP keeps no head counts: they follow from heads of 64.
ORIGINAL = Shape(24, 8,           64, 1, 1, 32,                          64, 1, 1, 48,                  8, positions=21,
                 vision_eps=1e-6)


def main():
    logging.disable_progress_bar()
    torch.set_num_threads(1)
    maker = Maker(sys.argv[1])
    maker.released("matching", NARROW_TEXT, "retrieval")
    maker.released("captioning", NARROW_TEXT, "captioning")
    maker.released("matching-f16", WIDE_TEXT, "retrieval", dtype=torch.float16)
    maker.released("captioning-bf16", FINE_PATCHES, "captioning", dtype=torch.bfloat16)
    maker.released("matching-shards", ODD_PATCHES, "retrieval", shards=True)
    maker.released("captioning-shards-f16", WIDE_TEXT, "captioning", dtype=torch.float16, shards=True)
    maker.released("captioning-larger-photos", ONE_HEAD, "captioning", side=48)
    maker.own("share-all", ODD_PATCHES, "all")
    maker.own("share-all-but-self-attention", ONE_HEAD, "all-but-self-attention")
    maker.whole("original", ORIGINAL, "all-but-self-attention", write_original)


main()
