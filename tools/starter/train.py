"""Trains the starter model on Flickr8k. One command runs the whole recipe:

    python tools/starter/train.py --data DATA --out resources/models/starter

DATA holds flickr8k/{train,dev}.{tar,captions.tsv} and mobilenet_v2/stem.safetensors. The recipe is
a teacher of the student's own shape, then the student, which learns from the captions and from the
teacher's opinions of blended photos, then polish.py and rank.py. `--role` and `--seconds` run one
part within a time limit.
"""

import argparse
import copy
import json
import math
import os
import subprocess
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from data import Tokenizer, augment, drop_words, load_split, train_vocabulary
from evaluate import evaluate, show
from model import (
    DEC, PAD, SEP, Config, StarterModel, TextConfig, VisionConfig, save_checkpoint,
)

LENGTH = 28  # [CLS] pieces [SEP]: 99 % of the captions whole
BATCH = 256
NEGATIVES = 3
FIRST_TRAINED = 14  # of the stem's layers; those before keep their ImageNet weights
EVALUATION_SECONDS = 20  # of a run with a time limit, kept for evaluations
EVALUATE_AT = (0.4, 0.6, 0.8, 1.0)  # of the run; the best of these is kept
KEEP_PATCHES = 40  # of 49, a new choice every step, while matching and captioning train
ROLES = {
    "teacher": dict(width=384, heads=6, seed=2, epochs=108, dropout=0.1),
    "student": dict(width=384, heads=6, seed=3, epochs=80, dropout=0.1),
}


def configure(role: dict, vocabulary: int) -> Config:
    width, heads = role["width"], role["heads"]
    return Config(
        VisionConfig(hidden_size=width, num_attention_heads=heads, intermediate_size=4 * width),
        TextConfig(
            vocab_size=vocabulary, hidden_size=width, num_attention_heads=heads, intermediate_size=4 * width
        ),
        dropout=role["dropout"],
        drop_path=0.1,
    )


def load_stem(model: StarterModel, path: str) -> None:
    stem = {k.removeprefix("stem."): v for k, v in load_file(path).items()}
    model.vision_model.embeddings.stem.load_state_dict(stem)


def parameter_groups(model: StarterModel, rate: float) -> list:
    stem, plain, decayed = [], [], []
    for name, parameter in model.named_parameters():
        if ".stem." in name:
            stem.append(parameter)
        elif parameter.ndim < 2 or "embedding" in name:
            plain.append(parameter)
        else:
            decayed.append(parameter)
    return [
        dict(params=stem, peak=rate * 0.1, weight_decay=0.0),
        dict(params=plain, peak=rate, weight_decay=0.0),
        dict(params=decayed, peak=rate, weight_decay=0.05),
    ]


class Average:
    """Exponential moving average of the weights."""

    def __init__(self, model: StarterModel, decay: float):
        self.model, self.decay, self.steps = copy.deepcopy(model).eval(), decay, 0
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)

    @torch.no_grad()
    def update(self, model: StarterModel) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(list(self.model.parameters()), list(model.parameters()), 1 - decay)


def sample_negatives(similarity: torch.Tensor, count: int) -> torch.Tensor:
    """Rows of similarities (already over the temperature) -> `count` other columns, hard ones first
    to be drawn: multinomial over the softmax, as BLIP draws them."""
    weights = similarity.softmax(-1) + 1e-5
    weights.fill_diagonal_(0)
    return torch.multinomial(weights, count)


def shift(ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """[CLS] pieces [SEP] -> decoder input [DEC] pieces, and the targets pieces [SEP]"""
    inputs = torch.cat([torch.full_like(ids[:, :1], DEC), ids[:, 1:-1]], 1)
    return torch.where(inputs == SEP, PAD, inputs), ids[:, 1:]


class Opinion:
    """What a model thinks of one batch: everything a loss or a student needs."""

    def __init__(self, model, pixels, encoder_ids, pairs_ids, decoder_inputs, keep, pairs):
        features, images = model.encode_images(pixels)
        texts = model.encode_texts(encoder_ids)
        self.temp = model.temp.clamp(0.01, 0.5)
        with torch.autocast(pixels.device.type, enabled=False):
            self.cosine = images.float() @ texts.float().T
        self.similarity = self.cosine / self.temp
        kept = features[:, keep]
        if pairs is None:
            half = len(pixels)
            detached = self.similarity.detach()[:, :half]
            pairs = sample_negatives(detached.T, NEGATIVES), sample_negatives(detached, NEGATIVES)
        self.pairs = pairs
        negative_images, negative_texts = pairs
        count = len(pixels)
        own = torch.arange(count, device=pixels.device)
        rows = torch.cat([own, negative_images.flatten(), own.repeat_interleave(NEGATIVES)])
        columns = torch.cat([own, own.repeat_interleave(NEGATIVES), negative_texts.flatten()])
        logits = model.match(pairs_ids[columns], kept[rows])
        margin = logits[:, 1] - logits[:, 0]
        self.positive, rest = margin[:count], margin[count:]
        self.wrong_image = rest[: count * NEGATIVES].view(count, NEGATIVES)
        self.wrong_text = rest[count * NEGATIVES :].view(count, NEGATIVES)
        cosine = self.cosine[rows, columns]
        ranked = margin + cosine
        first = ranked[:count, None]
        self.by_text = torch.cat([first, ranked[count : count * (1 + NEGATIVES)].view(count, -1)], 1)
        self.by_image = torch.cat([first, ranked[count * (1 + NEGATIVES) :].view(count, -1)], 1)
        self.tokens = model.decode(decoder_inputs, torch.cat([kept, kept]))


def hard_losses(o: Opinion, targets: torch.Tensor, clean: torch.Tensor) -> dict:
    """Losses against the captions themselves; `clean` [B] masks photos that were mixed."""
    count = len(o.positive)
    own = torch.arange(count, device=clean.device)
    weight = clean / clean.sum().clamp(min=1)
    i2t = o.similarity.log_softmax(-1)
    i2t = -(i2t[own, own] + i2t[own, own + count]) / 2
    t2i = o.similarity.T.log_softmax(-1)
    t2i = -(t2i[own, own] + t2i[own + count, own]) / 2
    itc = ((i2t + t2i) / 2 * weight).sum()
    wrong = (F.softplus(o.wrong_image).mean(1) + F.softplus(o.wrong_text).mean(1)) / 2
    binary = ((F.softplus(-o.positive) + wrong) / 2 * weight).sum()
    ranking = -(o.by_text.log_softmax(-1)[:, 0] + o.by_image.log_softmax(-1)[:, 0]) / 2
    lm = F.cross_entropy(
        o.tokens.flatten(0, 1).float(), targets.flatten(), ignore_index=PAD, label_smoothing=0.1, reduction="none"
    ).view_as(targets)
    present = (targets != PAD) * torch.cat([clean, clean])[:, None]
    return {
        "itc": itc,
        "itm": binary + 0.5 * (ranking * weight).sum(),
        "lm": (lm * present).sum() / present.sum().clamp(min=1),
    }


def divergence(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """KL of rows of logits, per row."""
    return F.kl_div(student.log_softmax(-1), teacher.log_softmax(-1), log_target=True, reduction="none").sum(-1)


def soft_losses(o: Opinion, teachers: list, targets: torch.Tensor) -> dict:
    """Losses against the averaged opinions of the teachers."""

    def mean(get):
        return torch.stack([get(t).float() for t in teachers]).mean(0)

    similarity = mean(lambda t: t.similarity)
    itc = (divergence(o.similarity, similarity).mean() + divergence(o.similarity.T, similarity.T).mean()) / 2
    binary = sum(
        F.binary_cross_entropy_with_logits(get(o), mean(get).sigmoid())
        for get in (lambda t: t.positive, lambda t: t.wrong_image, lambda t: t.wrong_text)
    ) / 3
    ranking = sum(divergence(get(o), mean(get)).mean() for get in (lambda t: t.by_text, lambda t: t.by_image)) / 2
    present = targets != PAD
    probabilities = torch.stack([t.tokens[present].float().softmax(-1) for t in teachers]).mean(0)
    lm = -(probabilities * o.tokens[present].float().log_softmax(-1)).sum(-1).mean()
    return {"itc": itc, "itm": binary + 0.5 * ranking, "lm": lm}


def mix(pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Blends half of the photos with another: the teachers say what such a picture shows. Returns
    the pixels and a mask of those left alone."""
    count = len(pixels)
    mixed = torch.rand(count, device=pixels.device) < 0.5
    amount = torch.where(mixed, torch.rand(count, device=pixels.device) * 0.5, 0.0)[:, None, None, None]
    return pixels * (1 - amount) + pixels.roll(1, 0) * amount, (~mixed).float()


def train(name: str, arguments, train_split, dev_split, vocabulary, teacher_files: list) -> None:
    role = ROLES[name]
    torch.manual_seed(role["seed"])
    device = arguments.device
    tokenizer = Tokenizer(vocabulary)
    images = train_split.images.to(device)
    ids = torch.stack([tokenizer.encode(five, LENGTH) for five in train_split.captions]).to(device)
    model = StarterModel(configure(role, len(vocabulary)))
    load_stem(model, os.path.join(arguments.data, "mobilenet_v2", "stem.safetensors"))
    model = model.to(device).to(memory_format=torch.channels_last)
    teachers = []
    for file in teacher_files:
        saved = torch.load(file, map_location=device)
        teacher = StarterModel(configure(ROLES[saved["role"]], len(vocabulary))).to(device).eval()
        teacher.load_state_dict(saved["model"])
        teachers.append(teacher.to(memory_format=torch.channels_last).requires_grad_(False))

    rate = 5e-4
    optimiser = torch.optim.AdamW(parameter_groups(model, rate), lr=rate, betas=(0.9, 0.98), fused=device == "cuda")
    average = Average(model, 0.999 if teachers else 0.998)
    for layer in model.vision_model.embeddings.stem.features[:FIRST_TRAINED]:
        layer.requires_grad_(False)
    if device == "cuda":
        for network in (model, *teachers):
            network.vision_model.compile(dynamic=False)
            network.text_encoder.compile(dynamic=False)
    batches = len(images) // arguments.batch
    total, step, begun = (arguments.epochs or role["epochs"]) * batches, 0, time.time()
    log, best = [], None
    order = torch.randperm(len(images), device=device)

    while step < total:
        if step % batches == 0:
            order = torch.randperm(len(images), device=device)
        if arguments.seconds and step in (50, 150):
            torch.cuda.synchronize()
            if step == 150:
                pace = (time.time() - begun) / 100
                left = arguments.seconds - EVALUATION_SECONDS - (time.time() - arguments.begun)
                total = max(1, int((step + left / pace) / batches)) * batches
                print(f"{name}: {pace * 1000:.0f} ms a step, {total // batches} epochs", flush=True)
            begun = time.time()
        progress = step / total
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 150)
            group["lr"] = group["peak"] * warm * (0.5 + 0.5 * math.cos(math.pi * progress))
        rows = order[(step % batches) * arguments.batch :][: arguments.batch]
        pixels = augment(images[rows])
        clean = torch.ones(len(rows), device=device)
        if teachers:
            pixels, clean = mix(pixels)
        pixels = pixels.to(memory_format=torch.channels_last)
        choice = torch.rand(len(rows), 5, device=device).argsort(1)[:, :2]
        first, second = ids[rows, choice[:, 0]], ids[rows, choice[:, 1]]
        both = torch.cat([first, second])
        inputs, targets = shift(both)
        keep = torch.cat([torch.zeros(1, dtype=torch.long), 1 + torch.randperm(49)[:KEEP_PATCHES].sort().values])
        keep = keep.to(device)

        with torch.autocast(device, dtype=torch.bfloat16):
            view = [pixels, drop_words(both, 0.1), drop_words(first, 0.1), drop_words(inputs, 0.1), keep]
            opinions, pairs = [], None
            with torch.no_grad():
                for teacher in teachers:
                    opinions.append(Opinion(teacher, *view, pairs))
                    pairs = opinions[0].pairs
            own = Opinion(model, *view, pairs)
            losses = hard_losses(own, targets, clean)
            loss = losses["itc"] + losses["itm"] + losses["lm"]
            if teachers:
                soft = soft_losses(own, opinions, targets)
                loss = 0.3 * loss + soft["itc"] + 2 * soft["itm"] + soft["lm"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        step += 1

        if step in {round(total * part) for part in EVALUATE_AT}:
            report = evaluate(average.model, dev_split, tokenizer, LENGTH, captions=True)
            epoch = step // batches
            print(
                f"{name} epoch {epoch} {time.time() - arguments.begun:.0f}s itc {losses['itc']:.3f} "
                f"itm {losses['itm']:.3f} lm {losses['lm']:.3f} temp {own.temp:.4f} | {show(report)}",
                flush=True,
            )
            score = report["reranked_t2i"][0] + report["reranked_i2t"][0] + 40 * report["cider_d"] + 100 * report["itm_auc"]
            log.append({"epoch": epoch, "score": score, **report})
            if best is None or score >= best[0]:
                best = score, epoch, {k: v.clone() for k, v in average.model.state_dict().items()}

    print(f"{name}: best epoch {best[1]} of {total // batches}; samples {log[-1]['samples']}", flush=True)
    os.makedirs(arguments.work, exist_ok=True)
    torch.save({"role": name, "model": best[2]}, os.path.join(arguments.work, f"{name}.pt"))
    with open(os.path.join(arguments.work, f"{name}.json"), "w") as f:
        json.dump(log, f)
    if name == "student":
        average.model.load_state_dict(best[2])
        save_checkpoint(average.model, vocabulary, arguments.out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="resources/models/starter")
    parser.add_argument("--work", default="/tmp/starter", help="teachers and logs")
    parser.add_argument("--role", choices=list(ROLES), help="one part of the recipe; default: all")
    parser.add_argument("--seconds", type=float, help="choose the epochs so as to end in this time")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--limit", type=int, help="photos of each split, to try the script")
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    arguments.begun = time.time()

    if arguments.role is None:
        for role in ROLES:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--role", role], check=True)
        places = ["--data", arguments.data, "--start", arguments.out, "--out", arguments.out]
        for part in ("polish.py", "rank.py"):
            script = os.path.join(os.path.dirname(__file__), part)
            subprocess.run([sys.executable, script, *places], check=True)
        return
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    flickr = os.path.join(arguments.data, "flickr8k")
    train_split, dev_split = load_split(flickr, "train"), load_split(flickr, "dev")
    vocabulary = train_vocabulary([c for five in train_split.captions for c in five], 4000)
    if arguments.limit:
        for split in (train_split, dev_split):
            split.names, split.images = split.names[: arguments.limit], split.images[: arguments.limit]
            split.captions, split.raw_captions = split.captions[: arguments.limit], split.raw_captions[: arguments.limit]
    teachers = [role for role in ROLES if role != "student"] if arguments.role == "student" else []
    files = [os.path.join(arguments.work, f"{t}.pt") for t in teachers]
    train(arguments.role, arguments, train_split, dev_split, vocabulary, files)


if __name__ == "__main__":
    main()
