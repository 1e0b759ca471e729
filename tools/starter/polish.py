"""Polishes the captioner by self-critical training (Rennie et al. 2017): captions that it samples are
rewarded by CIDEr-D against those of people, each one compared with the others sampled of its photo.

    python tools/starter/polish.py --data DATA --checkpoint FOLDER --out FOLDER

Only what is the captioner's own learns, its self-attention and the head of its words, so that
retrieval and matching stay as they are. The moment that scored best on the choice half of dev is kept,
the start among them.
"""

import argparse
import copy
import json
import math
import os
import time

import torch
import torch.nn.functional as F

from data import Tokenizer, augment, drop_words, sized
from evaluate import beam_captions, encode
from metrics import bleu4, cider_d
from model import DEC, PAD, SEP, StarterModel, load_checkpoint, save_checkpoint
from prepared import load_data
from reward import CiderD, ended
from scores import shift

SAMPLES = 5  # captions of a photo, a step
LONGEST, SHORTEST = 20, 5  # pieces, as `generation` of config.json has them
WARM = 30  # steps


@torch.no_grad()
def sample(model: StarterModel, features: torch.Tensor) -> torch.Tensor:
    """A caption of each photo, drawn word by word: pieces and [SEP], padded [photos, LONGEST - 1]"""
    ids = torch.full((len(features), 1), DEC, device=features.device)
    for length in range(1, LONGEST):
        logits = model.words(model.text_encoder(ids, features, causal=True)[:, -1]).float()
        logits[:, :SEP] = -math.inf
        if length < SHORTEST:
            logits[:, SEP] = -math.inf
        ids = torch.cat([ids, torch.multinomial(logits.softmax(-1), 1)], 1)
    return ended(ids[:, 1:])


def likelihoods(model: StarterModel, features: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """log p of each piece of sampled captions; 0 for padding: as ids"""
    inputs = torch.cat([torch.full_like(ids[:, :1], DEC), ids[:, :-1]], 1)
    present = ids != PAD
    hidden = model.text_encoder(torch.where(inputs == SEP, PAD, inputs), features, causal=True)
    each = -F.cross_entropy(model.words(hidden[present]).float(), ids[present], reduction="none")
    return torch.zeros(ids.shape, device=ids.device).masked_scatter(present, each)


def truth(model: StarterModel, features: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """The loss that the captioner was trained with before."""
    inputs, targets = shift(ids)
    present = targets != PAD
    hidden = model.text_encoder(drop_words(inputs, 0.1), features, causal=True)
    return F.cross_entropy(model.words(hidden[present]).float(), targets[present], label_smoothing=0.1)


@torch.no_grad()
def score(model: StarterModel, split, tokenizer: Tokenizer) -> dict:
    with torch.autocast(split.images.device.type, dtype=torch.bfloat16):
        features = torch.cat([encode(model, part)[0] for part in split.images.split(250)])
        said = [tokenizer.decode(row) for part in features.split(250) for row in beam_captions(model, part)]
    people = split.raw_captions
    return {
        "choice": cider_d(said[::2], people[::2]), "other": cider_d(said[1::2], people[1::2]),
        "cider_d": cider_d(said, people), "bleu4": bleu4(said, people), "samples": said[:8],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--work", default="/tmp/starter", help="where train.py left the data")
    parser.add_argument("--steps", type=int, default=2300)
    parser.add_argument("--seconds", type=float, help="end earlier, the rate falling with time")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--truth", type=float, default=0.1, help="weight of the captions of people")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evaluations", type=int, default=8)
    parser.add_argument("--limit", type=int, help="photos of each split, to try the script")
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    begun = time.time()
    torch.manual_seed(arguments.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cuda.enable_cudnn_sdp(False)
    data = load_data(arguments)
    dev = data.dev
    dev.images = dev.images.to(arguments.device)
    model, vocabulary = load_checkpoint(arguments.checkpoint)
    model = model.to(arguments.device).to(memory_format=torch.channels_last).requires_grad_(False)
    own = [*model.text_decoder.parameters()]
    for parameter in own:
        parameter.requires_grad_(True)
    average = copy.deepcopy(model)
    kept = [*average.text_decoder.parameters()]
    reward = CiderD(data.ids)
    optimiser = torch.optim.AdamW(own, lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01)
    best = score(model, dev, data.tokenizer)
    print(f"start: {describe(best)}", flush=True)
    save_checkpoint(model, vocabulary, arguments.out)
    step, progress, evaluated = 0, 0.0, 0
    while progress < 1:
        spent = time.time() - begun
        progress = step / arguments.steps
        if arguments.seconds:
            progress = max(progress, spent / arguments.seconds)
        for group in optimiser.param_groups:
            group["lr"] = arguments.rate * min(1.0, (step + 1) / WARM) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, progress)))
        rows = torch.randperm(len(data.images), device=arguments.device)[: arguments.batch]
        with torch.autocast(arguments.device, dtype=torch.bfloat16):
            with torch.no_grad():
                pixels = sized(augment(data.images[rows]), model.config.vision.image_size)
                features = model.vision_model(pixels.to(memory_format=torch.channels_last))
                each = features.repeat_interleave(SAMPLES, 0)
                said = sample(model, each)
                value = reward(said, rows.repeat_interleave(SAMPLES)).view(-1, SAMPLES)
                others = (value.sum(1, keepdim=True) - value) / (SAMPLES - 1)
                worth = (value - others).flatten()
            told = likelihoods(model, each, said)
            loss = -(worth[:, None] * told).sum() / (said != PAD).sum()
            choice = torch.randint(data.ids.shape[1], (len(rows),), device=arguments.device)
            loss = loss + arguments.truth * truth(model, features, data.ids[rows, choice])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(own, 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(kept, own, max(0.02, 1 / (step + 1)))
        if step % 50 == 0:
            print(f"step {step} {time.time() - begun:.0f}s reward {value.mean():.3f} loss {loss:.3f}", flush=True)
        if progress * arguments.evaluations >= evaluated + 1 or progress >= 1:
            evaluated += 1
            report = score(average, dev, data.tokenizer)
            print(f"step {step} {time.time() - begun:.0f}s: {describe(report)}", flush=True)
            if report["choice"] > best["choice"]:
                best = report
                save_checkpoint(average, vocabulary, arguments.out)
    print(f"kept: {describe(best)}; {best['samples']}", flush=True)
    with open(os.path.join(arguments.out, "captions.json"), "w") as f:
        json.dump(best, f)


def describe(report: dict) -> str:
    return (
        f"cider {report['cider_d']:.3f} (choice half {report['choice']:.3f}, other {report['other']:.3f}) "
        f"bleu {report['bleu4']:.2f}"
    )


if __name__ == "__main__":
    main()
