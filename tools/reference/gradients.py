"""What PyTorch's autograd makes of BLIP's three losses: the truth for tests/med/gradients.test.ts.

    python tools/reference/gradients.py tests/fixtures/official tests/fixtures/gradients

For each loss LOSS.safetensors holds the gradients with respect to every parameter of the text transformer and the
heads, or for `vision` of the image encoder's last block, under the parameters' names, and what the loss takes as `input.NAME`; losses.json holds the token sequences
and the loss. Computed in f64. Needs torch, transformers and safetensors (written with transformers 5.24.0 and
torch 2.15.0).
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy, normalize
from transformers import BlipForConditionalGeneration, BlipForImageTextRetrieval
from transformers.utils import logging

from blip import PHOTO_MEAN, PHOTO_STD

CLS, SEP, DEC, ENC = 2, 3, 132, 133
TEXTS = [[40, 51, 62, 73], [44, 55, 41], [90, 81, 72, 63, 54, 45], [49], [66, 77, 88, 99, 60], [47, 58, 69]]
PHOTOS, TOKENS, WIDTH = 3, 17, 30
TEMPERATURE = 0.07
PROMPT = 2


def padded(rows):
    length = max(map(len, rows))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask


def photos():
    """Features of photos, and the same for each of the two texts that a photo has."""
    features = torch.randn(PHOTOS, TOKENS, WIDTH, dtype=torch.float64)
    return features, features.repeat_interleave(len(TEXTS) // PHOTOS, dim=0)


def language(model):
    """LM: label smoothing 0.1, [DEC] and the prompt's tokens not counted (models/blip_decoder.py)."""
    features, seen = photos()
    rows = [[DEC, *text, SEP] for text in TEXTS]
    ids, mask = padded(rows)
    labels = ids.masked_fill(mask == 0, -100)
    labels[:, :PROMPT] = -100
    model.text_decoder.label_smoothing = 0.1
    loss = model.text_decoder(input_ids=ids, attention_mask=mask, encoder_hidden_states=seen, labels=labels,
                              reduction="mean").loss
    return loss, {"patches": features}, {"rows": rows, "prompt": PROMPT}


def matching(model):
    """ITM: cross entropy of match and mismatch (models/blip_pretrain.py)."""
    features, seen = photos()
    rows = [[ENC, *text, SEP] for text in TEXTS]
    ids, mask = padded(rows)
    labels = [1, 0, 0, 1, 1, 0]
    hidden = model.text_encoder(input_ids=ids, attention_mask=mask, encoder_hidden_states=seen,
                                encoder_attention_mask=torch.ones(seen.shape[:2])).last_hidden_state
    loss = cross_entropy(model.itm_head(hidden[:, 0]), torch.tensor(labels))
    return loss, {"patches": features}, {"rows": rows, "labels": labels}


def contrast(model):
    """ITC within the batch: the mean of both directions (models/blip_pretrain.py, without queue and momentum)."""
    first = torch.randn(len(TEXTS), WIDTH, dtype=torch.float64)
    rows = [[CLS, *text, SEP] for text in TEXTS]
    ids, mask = padded(rows)
    words = model.text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    texts, images = (normalize(x, dim=-1) for x in (model.text_proj(words[:, 0]), model.vision_proj(first)))
    scores, pairs = images @ texts.T / TEMPERATURE, torch.arange(len(TEXTS))
    loss = (cross_entropy(scores, pairs) + cross_entropy(scores.T, pairs)) / 2
    return loss, {"first": first}, {"rows": rows, "temperature": TEMPERATURE}


def vision(model):
    """Not a loss of BLIP: what the image encoder makes of noise, weighted by waves, for its last block."""
    side = model.config.vision_config.image_size
    index = torch.arange(2 * side * side * 3).view(2, side, side, 3)
    pixels = ((index * index * 31 + index * 7) % 256).double().permute(0, 3, 1, 2) / 255
    mean, std = (torch.tensor(values, dtype=torch.float64).view(3, 1, 1) for values in (PHOTO_MEAN, PHOTO_STD))
    features = model.vision_model((pixels - mean) / std).last_hidden_state
    weights = torch.sin(1.7 * torch.arange(features.numel(), dtype=torch.float64)).view_as(features)
    return (features * weights).sum(), {}, {"rows": []}


def is_trained(name, key):
    """Parameters of text and heads; of the image encoder the last block and the normalisation behind it."""
    if name == "vision":
        return key.startswith(("vision_model.encoder.layers.1.", "vision_model.post_layernorm."))
    return not key.startswith("vision_model.")


def main(checkpoints, out):
    logging.disable_progress_bar()
    torch.manual_seed(7)
    out.mkdir(exist_ok=True)
    losses = {}
    for name, kind, folder, loss_of in (
        ("lm", BlipForConditionalGeneration, "captioning", language),
        ("itm", BlipForImageTextRetrieval, "matching", matching),
        ("itc", BlipForImageTextRetrieval, "matching", contrast),
        ("vision", BlipForImageTextRetrieval, "matching", vision),
    ):
        model = kind.from_pretrained(checkpoints / folder, dtype=torch.float64).eval()
        loss, inputs, details = loss_of(model)
        loss.backward()
        tensors = {key: parameter.grad for key, parameter in model.named_parameters()
                   if parameter.grad is not None and is_trained(name, key)}
        tensors |= {f"input.{key}": tensor for key, tensor in inputs.items()}
        save_file({key: tensor.float().contiguous() for key, tensor in tensors.items()}, out / f"{name}.safetensors")
        losses[name] = {"checkpoint": folder, **details, "loss": loss.item()}
        print(name, loss.item(), len(tensors))
    (out / "losses.json").write_text(json.dumps(losses, indent=1) + "\n", encoding="utf-8")


main(*map(Path, sys.argv[1:]))
