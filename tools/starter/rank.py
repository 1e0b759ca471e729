"""The last part of the recipe: teaches the matching mode of the polished student to rank, and makes
its probabilities mean what they say.

    python tools/starter/rank.py --data DATA --start FOLDER --out FOLDER

Each batch is made of neighbours, so that every caption has hard negatives among its photos and every
photo among its captions. The loss is listwise over what search orders by. More than half of it is
the opinion of the student as it was: of its matching mode, and of its captioner, which finds the
right photo of a caption more often by how likely it would write that caption. The student as it was
also holds retrieval and captions in place. Two runs that may change different weights are averaged.
"""

import argparse
import copy
import math
import os
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from calibrate import calibrate, encode, log_odds, pair_odds
from data import Tokenizer, augment, drop_words, load_split
from evaluate import evaluate, show
from model import PAD, StarterModel, load_checkpoint, save_checkpoint
from train import LENGTH, Average, divergence, mix, parameter_groups, shift

BATCH = 128
NEAR = 32  # neighbours of a caption over the whole split, from which batches are drawn
AROUND = 11  # of them beside each photo in a batch
BY_TEXT = 10  # photos in a caption's list, its own first
BY_PHOTO = 4  # captions in a photo's list
LABELS = 0.4  # weight of the labels; the opinion has the rest
COSINE = 5.0  # weight in a list, where the log-odds of a match weigh 1
CAPTIONER = 1.5  # weight of a caption's log-likelihood in the opinion; best of a few on dev
ONE_BY_ONE = 0.3  # weight of telling matches from the rest pair by pair


@dataclass(frozen=True)
class Run:
    learns: str  # part of the names of what learns in the text encoder
    steps: int
    rate: float
    keep_patches: int  # of 49
    drop_words: float
    seed: int


RUNS = (
    Run("crossattention", steps=540, rate=3e-4, keep_patches=32, drop_words=0.15, seed=6),
    Run("", steps=470, rate=2e-4, keep_patches=25, drop_words=0.25, seed=7),
)


def choose_trained(model: StarterModel, run: Run) -> None:
    """The ITM head and the run's part of the text encoder; never the image encoder."""
    model.requires_grad_(False)
    model.itm_head.requires_grad_(True)
    for name, parameter in model.text_encoder.named_parameters():
        parameter.requires_grad_(run.learns in name)


@torch.no_grad()
def mine(model: StarterModel, images: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """The photos nearest to each caption by ITC, its own left out: int64 [photos * 5, NEAR]"""
    photos = torch.cat([encode(model, part)[1] for part in images.split(250)])
    rows = []
    for start, part in enumerate(ids.flatten(0, 1).split(1000)):
        similarity = model.encode_texts(part).float() @ photos.float().T
        captions = torch.arange(len(part), device=ids.device)
        similarity[captions, (start * 1000 + captions) // ids.shape[1]] = -1
        rows.append(similarity.topk(NEAR, -1).indices)
    return torch.cat(rows)


def draw(near: torch.Tensor, photos: int) -> torch.Tensor:
    """Photos of one batch, each among its neighbours: int64 [BATCH]"""
    seeds = torch.randint(len(near), (2 * BATCH // (1 + AROUND),), device=near.device)
    places = torch.rand(len(seeds), near.shape[1], device=near.device).argsort(1)[:, : AROUND]
    drawn = torch.cat([(seeds // (len(near) // photos))[:, None], near[seeds].gather(1, places)], 1)
    unique = drawn.flatten().unique()
    more = torch.randint(photos, (BATCH,), device=near.device)
    return torch.cat([unique[torch.randperm(len(unique), device=near.device)], more])[: BATCH]


def choose_lists(similarity: torch.Tensor, count: int) -> torch.Tensor:
    """Rows of similarities, own on the diagonal -> columns: own, hard ones, and one at random."""
    hard = similarity.clone()
    hard.fill_diagonal_(-2)
    pool = hard.topk(2 * (count - 2), -1).indices
    places = torch.rand(pool.shape, device=pool.device).argsort(1)[:, : count - 2]
    own = torch.arange(len(similarity), device=pool.device)[:, None]
    other = (own + torch.randint(1, len(similarity), own.shape, device=pool.device)) % len(similarity)
    return torch.cat([own, pool.gather(1, places), other], 1)


class Pairs:
    """The pairs of a batch: photos for each caption, then captions for each photo."""

    def __init__(self, similarity: torch.Tensor):
        self.shapes = (len(similarity), BY_TEXT), (len(similarity), BY_PHOTO)
        own = torch.arange(len(similarity), device=similarity.device)
        photos = choose_lists(similarity.T, BY_TEXT)
        captions = choose_lists(similarity, BY_PHOTO)
        self.photos = torch.cat([photos.flatten(), own.repeat_interleave(BY_PHOTO)])
        self.captions = torch.cat([own.repeat_interleave(BY_TEXT), captions.flatten()])

    def lists(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        by_text, by_photo = self.shapes
        cut = by_text[0] * by_text[1]
        return values[:cut].view(by_text), values[cut:].view(by_photo)


def log_likelihoods(model: StarterModel, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    inputs, targets = shift(ids)
    logits = model.decode(inputs, features).float()
    return -F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=PAD, reduction="none"
    ).view_as(targets).sum(1)


class Retrieval:
    """The image side and ITC of a model on one batch."""

    def __init__(self, model: StarterModel, pixels: torch.Tensor, ids: torch.Tensor):
        self.features, self.photos = model.encode_images(pixels)
        self.texts = model.encode_texts(ids)
        with torch.autocast(pixels.device.type, enabled=False):
            self.cosine = self.photos.float() @ self.texts.float().T


@torch.no_grad()
def opinion(
    before: StarterModel, was: Retrieval, pairs: Pairs, ids: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each pair, the score it ought to get, and the log-odds of a match: f32 [pairs] both"""
    features, captions = was.features[pairs.photos], ids[pairs.captions]
    odds = log_odds(before, captions, features)
    likelihood = log_likelihoods(before, captions, features)
    # How likely a caption is of any photo says nothing of this one.
    usual = pairs.lists(likelihood)[0].mean(1)
    likelihood = likelihood - usual[pairs.captions]
    return odds + COSINE * was.cosine[pairs.photos, pairs.captions] + CAPTIONER * likelihood, odds


def matching_loss(own: tuple, told: tuple, pairs: Pairs, clean: torch.Tensor) -> torch.Tensor:
    """`own` and `told` are scores and log-odds of the pairs; `clean` [B] masks blended photos."""
    weight = clean / clean.sum().clamp(min=1)
    loss = torch.zeros((), device=clean.device)
    for scores, odds, told_scores, told_odds in zip(*map(pairs.lists, (*own, *told))):
        soft = divergence(scores, told_scores).mean()
        hard = -(scores.log_softmax(-1)[:, 0] * weight).sum()
        soft_one = F.binary_cross_entropy_with_logits(odds, told_odds.sigmoid())
        hard_one = ((F.softplus(-odds[:, 0]) + F.softplus(odds[:, 1:]).mean(1)) / 2 * weight).sum()
        loss = loss + LABELS * (hard + ONE_BY_ONE * hard_one) / 2
        loss = loss + (1 - LABELS) * (soft + ONE_BY_ONE * soft_one) / 2
    return loss


def holding_loss(now: Retrieval, was: Retrieval, tokens: torch.Tensor, told_tokens: torch.Tensor, temp):
    """How far ITC and the captioner have strayed from what they were."""
    scaled, told = now.cosine / temp, was.cosine / temp
    itc = (divergence(scaled, told).mean() + divergence(scaled.T, told.T).mean()) / 2
    drift = (now.texts - was.texts).square().sum(-1).mean()
    return divergence(tokens, told_tokens).mean() + itc + drift


def step_loss(model, before, run: Run, pixels, clean, ids) -> torch.Tensor:
    inputs, targets = shift(ids)
    with torch.no_grad():
        was = Retrieval(before, pixels, ids)
        pairs = Pairs(was.cosine)
        told = opinion(before, was, pairs, ids)
        told_tokens = before.decode(inputs, was.features)[targets != PAD].float()
    now = Retrieval(model, pixels, ids)
    patches = 1 + torch.randperm(was.features.shape[1] - 1, device=ids.device)[: run.keep_patches].sort().values
    kept = now.features[:, torch.cat([torch.zeros_like(patches[:1]), patches])]
    odds = log_odds(model, drop_words(ids, run.drop_words)[pairs.captions], kept[pairs.photos])
    scores = odds + COSINE * was.cosine[pairs.photos, pairs.captions]
    tokens = model.decode(inputs, kept)[targets != PAD].float()
    return matching_loss((scores, odds), told, pairs, clean) + holding_loss(
        now, was, tokens, told_tokens, before.temp.clamp(0.01, 0.5)
    )


def learn(before: StarterModel, images: torch.Tensor, ids: torch.Tensor, run: Run, steps: int) -> StarterModel:
    """A copy of the model after one run, its weights averaged over the last steps."""
    torch.manual_seed(run.seed)
    device = images.device.type
    model = copy.deepcopy(before).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.1
    choose_trained(model, run)
    with torch.autocast(device, dtype=torch.bfloat16):
        near = mine(before, images, ids)
    average = Average(model, 0.996)
    optimiser = torch.optim.AdamW(
        parameter_groups(model, run.rate), lr=run.rate, betas=(0.9, 0.98), fused=device == "cuda"
    )
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        rows = draw(near, len(images))
        pixels, clean = mix(augment(images[rows]))
        captions = ids[rows, torch.randint(ids.shape[1], (len(rows),), device=rows.device)]
        captions = captions[:, : int((captions != PAD).sum(1).max())]
        with torch.autocast(device, dtype=torch.bfloat16):
            loss = step_loss(model, before, run, pixels.to(memory_format=torch.channels_last), clean, captions)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimiser.step()
        average.update(model)
        if step % 50 == 0:
            print(f"{run.learns or 'text'} step {step} loss {loss.item():.3f}", flush=True)
    return average.model


@torch.no_grad()
def average_of(models: list) -> StarterModel:
    mean = copy.deepcopy(models[0])
    for name, parameter in mean.named_parameters():
        parameter.copy_(torch.stack([model.get_parameter(name) for model in models]).mean(0))
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--start", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, help="of each run, to try the script")
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    begun = time.time()
    model, vocabulary = load_checkpoint(arguments.start)
    tokenizer = Tokenizer(vocabulary)
    flickr = os.path.join(arguments.data, "flickr8k")
    train_split, dev_split = load_split(flickr, "train"), load_split(flickr, "dev")
    train_ids, dev_ids = (
        torch.stack([tokenizer.encode(five, LENGTH) for five in split.captions]).to(arguments.device)
        for split in (train_split, dev_split)
    )
    images = train_split.images.to(arguments.device)
    before = model.to(arguments.device).to(memory_format=torch.channels_last).requires_grad_(False)
    ranked = average_of([learn(before, images, train_ids, run, arguments.steps or run.steps) for run in RUNS])
    calibrate(ranked, *pair_odds(ranked, dev_split, dev_ids))
    save_checkpoint(ranked, vocabulary, arguments.out)
    print("ranked:", show(evaluate(ranked, dev_split, tokenizer, LENGTH, captions=True)), flush=True)
    print(f"{time.time() - begun:.0f} s")


if __name__ == "__main__":
    main()
