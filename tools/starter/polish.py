"""Polishes the captioner by self-critical training (Rennie et al. 2017): captions that it samples are
rewarded by CIDEr-D and BLEU-4 against those of people, each one compared with the others sampled of its
photo. soup.py runs several of these.

    python tools/starter/polish.py --data DATA --checkpoint FOLDER --out FOLDER

Only what is the captioner's own learns, its self-attention and the head of its words, so that
retrieval and matching stay as they are. The moment that scored best on the choice half of dev is kept,
the start among them; all are scored with the weights as they are saved, in f16.
"""

import argparse
import copy
import json
import math
import os
import time

import torch
import torch.nn.functional as F

from data import Split, Tokenizer, augment, drop_words, load_split, sized
from decoding import beam_captions, sample
from evaluate import encode
from metrics import bleu4, cider_d
from model import DEC, PAD, SEP, Conv, StarterModel, load_checkpoint, save_checkpoint
from prepared import LENGTH
from reward import Reward
from scores import shift

SAMPLES = 5  # captions of a photo, a step
WARM = 30  # steps


def likelihoods(model: StarterModel, features: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """log p of each piece of captions sampled of photos, as many of each; 0 for padding: as ids"""
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


def some_patches(features: torch.Tensor, share: float) -> torch.Tensor:
    """[CLS] and a random share of the patches, which makes photos harder to know by heart."""
    count = features.shape[1] - 1
    kept = 1 + torch.randperm(count, device=features.device)[: round(share * count)]
    return features[:, torch.cat([torch.zeros_like(kept[:1]), kept])]


class Judge:
    """Scores captioners on dev as Medley would: weights as saved, three beams, all else in f32."""

    @torch.no_grad()
    def __init__(self, model: StarterModel, split: Split, tokenizer: Tokenizer, device: str):
        self.people, self.tokenizer = split.raw_captions, tokenizer
        self.features = torch.cat([encode(model, part.to(device))[0] for part in split.images.split(250)])

    @torch.no_grad()
    def __call__(self, model: StarterModel) -> dict:
        saved = copy.deepcopy(model)
        for parameter in saved.text_decoder.parameters():
            parameter.copy_(parameter.half())
        said = [self.tokenizer.decode(row) for part in self.features.split(500) for row in beam_captions(saved, part)]
        parts = {"all": slice(None), "choice": slice(0, None, 2), "other": slice(1, None, 2)}
        return {
            "samples": said[:8],
            **{
                name: {"bleu4": bleu4(said[part], self.people[part]), "cider_d": cider_d(said[part], self.people[part])}
                for name, part in parts.items()
            },
        }


def caption_score(report: dict) -> float:
    """What captioners are compared by: on the half of dev kept for choices."""
    return 100 * report["choice"]["cider_d"] + report["choice"]["bleu4"]


def describe(report: dict) -> str:
    return ", ".join(
        f"{name} cider {report[name]['cider_d']:.4f} bleu {report[name]['bleu4']:.2f}" for name in ("all", "choice", "other")
    )


def lighten(model: StarterModel) -> None:
    """Keeps the weights that do not learn in the precision they are used in, so that no step casts them."""
    for module in model.modules():
        if isinstance(module, (torch.nn.Linear, Conv)) and not module.weight.requires_grad:
            module.to(torch.bfloat16)


def common_arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--seconds", type=float, help="end a run earlier, the rate falling with time")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--evaluations", type=int, default=8)
    parser.add_argument("--limit", type=int, help="photos of each split, to try the script")
    parser.add_argument("--device", default="cuda")
    return parser


def load_start(arguments) -> tuple[StarterModel, list]:
    """The checkpoint to start from, whose captioner alone will learn, and its vocabulary."""
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.enable_cudnn_sdp(False)
    model, vocabulary = load_checkpoint(arguments.checkpoint)
    model = model.to(arguments.device).to(memory_format=torch.channels_last).requires_grad_(False)
    model.text_decoder.requires_grad_(True)
    return model, vocabulary


def load_judge(model: StarterModel, vocabulary: list, arguments) -> Judge:
    dev = load_split(os.path.join(arguments.data, "flickr8k"), "dev", arguments.limit)
    return Judge(model, dev, Tokenizer(vocabulary), arguments.device)


def main() -> None:
    parser = common_arguments(__doc__)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--truth", type=float, default=0.15, help="weight of the captions of people")
    parser.add_argument("--bleu", type=float, default=1, help="weight of BLEU-4 in the reward, beside CIDEr-D")
    parser.add_argument("--patches", type=float, default=1, help="share of each photo's patches looked at, a step")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begun = time.time()
    device = arguments.device
    torch.manual_seed(arguments.seed)
    model, vocabulary = load_start(arguments)
    judge = load_judge(model, vocabulary, arguments)
    people = load_split(os.path.join(arguments.data, "flickr8k"), "train", arguments.limit)
    tokenizer = Tokenizer(vocabulary)
    references = torch.stack([tokenizer.encode(five, LENGTH) for five in people.captions]).to(device)
    images = people.images.to(device)
    average = copy.deepcopy(model)
    lighten(model)
    own, kept = ([*captioner.text_decoder.parameters()] for captioner in (model, average))
    reward = Reward(references, arguments.bleu)
    optimiser = torch.optim.AdamW(own, lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=device == "cuda")
    best = judge(average)
    print(f"start after {time.time() - begun:.0f} s: {describe(best)}", flush=True)
    save_checkpoint(average, vocabulary, arguments.out)
    step, progress, evaluated = 0, 0.0, 0
    while progress < 1:
        progress = step / arguments.steps
        if arguments.seconds:
            progress = max(progress, (time.time() - begun) / arguments.seconds)
        for group in optimiser.param_groups:
            group["lr"] = arguments.rate * min(1.0, (step + 1) / WARM) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, progress)))
        rows = torch.randperm(len(images), device=device)[: arguments.batch]
        with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
            pixels = sized(augment(images[rows]), model.config.vision.image_size)
            features = model.vision_model(pixels.to(memory_format=torch.channels_last))
            features = some_patches(features, arguments.patches)
            said = sample(model, features, SAMPLES)
        value = reward(said, rows.repeat_interleave(SAMPLES)).view(-1, SAMPLES)
        others = (value.sum(1, keepdim=True) - value) / (SAMPLES - 1)
        worth = (value - others).flatten()
        # Apart from the sampling above, whose cast weights have no gradients.
        with torch.autocast(device, dtype=torch.bfloat16):
            told = likelihoods(model, features, said)
            loss = -(worth[:, None] * told).sum() / (said != PAD).sum()
            choice = torch.randint(references.shape[1], (len(rows),), device=device)
            loss = loss + arguments.truth * truth(model, features, references[rows, choice])
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
            report = judge(average)
            print(f"step {step} {time.time() - begun:.0f}s: {describe(report)}", flush=True)
            if caption_score(report) > caption_score(best):
                best = report
                save_checkpoint(average, vocabulary, arguments.out)
    print(f"kept: {describe(best)}; {best['samples']}", flush=True)
    with open(os.path.join(arguments.out, "captions.json"), "w") as f:
        json.dump(best, f)


if __name__ == "__main__":
    main()
