"""Trains the starter model. One command runs the whole recipe, on one GPU:

    python tools/starter/train.py --data DATA --out resources/models/starter

With `--smoke` it does a little of everything, on the processor: whether it runs, not what it comes to.

DATA holds flickr8k/{train,dev}.{tar,captions.tsv}, captions, bert-base-uncased, minilm and
efficientnet_lite2. The recipe is five teachers, each learning from the captions alone; students that
start from the last of them and learn from the captions and from what the teachers say of blended
photos and of captions of other photos; the mean of the students' weights, or the best of them;
soup.py for the captioner; and calibrate.py. `--name` runs parts of it, which wait for what they need,
so that several GPUs can share the work: each one its teacher and a student.
"""

import argparse
import copy
import json
import math
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from data import augment, drop_words, sized
from evaluate import choice_score, evaluate, show
from made_texts import one_of, some_of
from minilm import load_stem, load_text
from model import PAD, Config, StarterModel, TextConfig, VisionConfig, save_checkpoint
from prepared import LENGTH, Data, load_data
from scores import CAPTIONER, COSINE, log_likelihoods, shift

FIRST_TRAINED = 10  # of the stem's layers; those before keep their ImageNet weights
EVALUATION_SECONDS = 50  # of a run with a time limit, kept for evaluations and saving
KEEP_PATCHES = 0.82  # of them, a new choice every step, while matching and captioning train
GROUP = 4  # photos with like captions that a batch holds together
ASKED = 2  # teachers a step, chosen anew: over many steps the student learns from the mean of all

APART = "all-but-self-attention"


@dataclass(frozen=True)
class Variant:
    """One way of training."""

    seed: int
    epochs: int
    share: str = APART
    image_size: int = 288
    pretrain: int = 0  # steps of the decoder on captions alone
    grouped: bool = False  # batches hold groups of photos with like captions
    dropout: float = 0.1
    negatives: int = 2  # hard ones of each kind, a photo
    batch: int = 256
    rate: float = 5e-4
    evaluate_at: tuple = (1.0,)  # of the run; the best of these is kept
    teachers: tuple = ()
    start: str = ""  # whose weights to start from


TEACHERS = {
    "teacher-1": Variant(seed=11, epochs=28),
    "teacher-2": Variant(seed=12, epochs=28, image_size=256, pretrain=400),
    "teacher-3": Variant(seed=13, epochs=28, grouped=True),
    "teacher-4": Variant(seed=14, epochs=28, grouped=True, share="all"),
    "teacher-5": Variant(seed=17, epochs=28, pretrain=400),
}
# Students start from one teacher's weights, so that the mean of their weights is a good model too.
STUDENTS = {
    f"student-{i}": Variant(
        seed=20 + i, epochs=57, rate=2.5e-4, evaluate_at=(0.5, 0.8, 1.0),
        grouped=i > 2, teachers=tuple(TEACHERS), start="teacher-5",
    )
    for i in (1, 2, 3, 4)
}
VARIANTS = TEACHERS | STUDENTS


def configure(variant: Variant, vocabulary: int) -> Config:
    return Config(
        VisionConfig(image_size=variant.image_size),
        TextConfig(vocab_size=vocabulary),
        share=variant.share,
        dropout=variant.dropout,
    )


def parameter_groups(model: StarterModel, rate: float) -> list:
    """The stem learns slowly, what comes from MiniLM at less than half the rate of what is new."""
    groups = {}
    for name, parameter in model.named_parameters():
        if ".stem." in name:
            key = 0.1, 0.0
        else:
            started = name.startswith("text_encoder.") and "crossattention" not in name
            plain = parameter.ndim < 2 or "embedding" in name
            key = 0.4 if started else 1.0, 0.0 if plain else 0.05
        groups.setdefault(key, []).append(parameter)
    return [
        dict(params=parameters, peak=rate * share, weight_decay=decay)
        for (share, decay), parameters in groups.items()
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


class Batch:
    """What every network is asked about: photos with two captions each, and what was made."""

    def __init__(self, data: "Data", rows: torch.Tensor, blend: bool):
        images, ids, made, pictures = data.images, data.ids, data.made, data.pictures
        device, count = images.device, len(rows)
        self.count, self.photos = count, rows
        pixels = augment(images[rows])
        self.clean = torch.ones(count, device=device)
        if blend:
            pixels, self.clean = mix(pixels)
        odd = some_of(pictures, count // 16)
        self.odd = len(odd)
        self.pixels = torch.cat([pixels, augment(odd)])
        choice = torch.rand(count, ids.shape[1], device=device).argsort(1)[:, :2]
        first, second = ids[rows, choice[:, 0]], ids[rows, choice[:, 1]]
        both = torch.cat([first, second])
        foreign = some_of(made.foreign, 2 * count)
        strange = [foreign[: count // 2], one_of(made.words, rows[: count // 2]), some_of(made.nothing, count // 8)]
        # Texts for ITC: the captions, those of other photos (whose nearest photos here a student
        # learns from the teachers), and others that no photo here fits.
        self.texts = drop_words(torch.cat([both, foreign, *strange[1:]]), 0.1)
        self.captions = 2 * count + len(foreign)
        # Texts for ITM beside the captions, and the photos they are shown with.
        self.first = drop_words(first, 0.1)
        own = torch.arange(count, device=device)
        self.extra_texts = drop_words(
            torch.cat([one_of(made.edits, rows), one_of(made.scraps, rows), *strange, first.repeat(2, 1)[: 8 * self.odd]]), 0.1
        )
        self.extra_photos = torch.cat(
            [own, own, own[: count // 2], own[: count // 2], own[: count // 8], count + own[: 8 * self.odd] % self.odd]
        )
        self.extra_sizes = [count, count, count // 2, count // 2, count // 8, 8 * self.odd]
        self.inputs, self.targets = shift(both)
        self.inputs = drop_words(self.inputs, 0.1)
        self.present = self.targets != PAD
        self.order = torch.rand(1024, device=device)

    def keep(self, tokens: int) -> torch.Tensor:
        """Which patches of this many are looked at; [CLS] always."""
        kept = 1 + self.order[: tokens - 1].argsort()[: round(KEEP_PATCHES * (tokens - 1))].sort().values
        return torch.cat([torch.zeros_like(kept[:1]), kept])


class Opinion:
    """What a model thinks of one batch: everything a loss or a student needs."""

    def __init__(self, model: StarterModel, batch: Batch, negatives: int, pairs=None, likely=False):
        count = batch.count
        pixels = sized(batch.pixels, model.config.vision.image_size)
        features, self.images = model.encode_images(pixels.to(memory_format=torch.channels_last))
        self.texts = model.encode_texts(batch.texts)
        self.temp = model.temp.clamp(0.01, 0.5)
        with torch.autocast(batch.pixels.device.type, enabled=False):
            cosine = self.images.float() @ self.texts.float().T
        self.by_row = cosine[:count] / self.temp
        self.by_column = cosine[:, : batch.captions].T / self.temp
        kept = features[:, batch.keep(features.shape[1])]
        if pairs is None:
            near = self.by_row.detach()[:, :count]
            pairs = sample_negatives(near.T, negatives), sample_negatives(near, negatives)
        self.pairs = pairs
        own = torch.arange(count, device=pixels.device)
        rows = torch.cat([own, pairs[0].flatten(), own.repeat_interleave(negatives)])
        columns = torch.cat([own, own.repeat_interleave(negatives), pairs[1].flatten()])
        logits = model.match(
            torch.cat([batch.first[columns], batch.extra_texts]), kept[torch.cat([rows, batch.extra_photos])]
        )
        margin = logits[:, 1] - logits[:, 0]
        lists, self.extra = margin[: len(rows)], margin[len(rows) :].split(batch.extra_sizes)
        self.positive = lists[:count]
        self.wrong_image = lists[count : count * (1 + negatives)].view(count, negatives)
        self.wrong_text = lists[count * (1 + negatives) :].view(count, negatives)
        ranked = lists + COSINE * cosine[rows, columns]
        if likely:
            # The captioner knows better which of several photos a caption is of.
            asked = count * (1 + negatives)
            told = log_likelihoods(model, batch.first[columns[:asked]], kept[rows[:asked]])
            self.by_text = listed(ranked[:asked] + CAPTIONER * told, count, negatives, 0)
        else:
            self.by_text = listed(ranked, count, negatives, 0)
        self.by_image = listed(ranked, count, negatives, 1)
        hidden = model.text_encoder(batch.inputs, torch.cat([kept[:count], kept[:count]]), causal=True)
        self.tokens = model.words(hidden[batch.present])


def listed(scores: torch.Tensor, count: int, negatives: int, which: int) -> torch.Tensor:
    """Scores of the pairs -> lists, own first: photos of each caption (0), captions of each photo (1)"""
    start = count * (1 + which * negatives)
    return torch.cat([scores[:count, None], scores[start : start + count * negatives].view(count, -1)], 1)


# What the made pairs weigh, in the order of Batch.extra_sizes, and which of them fit.
EXTRA_WEIGHTS = (0.5, 0.5, 0.25, 0.35, 0.1, 0.3)
EXTRA_FITS = (False, True, False, False, False, False)


def hard_losses(o: Opinion, batch: Batch) -> dict:
    """Losses against the captions themselves; photos that were blended do not count."""
    count, clean = batch.count, batch.clean
    own = torch.arange(count, device=clean.device)
    weight = clean / clean.sum().clamp(min=1)
    i2t = o.by_row.log_softmax(-1)
    i2t = -(i2t[own, own] + i2t[own, own + count]) / 2
    t2i = o.by_column.log_softmax(-1)
    t2i = -(t2i[own, own] + t2i[own + count, own]) / 2
    wrong = (F.softplus(o.wrong_image).mean(1) + F.softplus(o.wrong_text).mean(1)) / 2
    binary = ((F.softplus(-o.positive) + wrong) / 2 * weight).sum()
    for size, share, fits, margin in zip(batch.extra_sizes, EXTRA_WEIGHTS, EXTRA_FITS, o.extra):
        loss = F.softplus(-margin if fits else margin)
        # Only the first photos may be blended; made pictures never are.
        known = clean[:size] if margin is not o.extra[-1] else torch.ones_like(loss)
        binary = binary + share * (loss * known).sum() / known.sum().clamp(min=1) / 2
    ranking = -(o.by_text.log_softmax(-1)[:, 0] + o.by_image.log_softmax(-1)[:, 0]) / 2
    lm = F.cross_entropy(
        o.tokens.float(), batch.targets[batch.present], label_smoothing=0.1, reduction="none"
    )
    known = torch.cat([clean, clean])[batch.present.nonzero()[:, 0]]
    return {
        "itc": ((i2t + t2i) / 2 * weight).sum(),
        "itm": binary + 0.5 * (ranking * weight).sum(),
        "lm": (lm * known).sum() / known.sum().clamp(min=1),
    }


def divergence(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """KL of rows of logits, per row."""
    return F.kl_div(student.log_softmax(-1), teacher.log_softmax(-1), log_target=True, reduction="none").sum(-1)


def soft_losses(o: Opinion, teachers: list) -> dict:
    """Losses against the averaged opinions of the teachers."""

    def mean(get):
        return torch.stack([get(t).float() for t in teachers]).mean(0)

    itc = sum(divergence(get(o), mean(get)).mean() for get in (lambda t: t.by_row, lambda t: t.by_column)) / 2

    def telling(get):
        return F.binary_cross_entropy_with_logits(get(o), mean(get).sigmoid())

    binary = sum(telling(get) for get in (lambda t: t.positive, lambda t: t.wrong_image, lambda t: t.wrong_text)) / 3
    for index, share in enumerate(EXTRA_WEIGHTS):
        binary = binary + share * telling(lambda t, i=index: t.extra[i]) / 2
    ranking = sum(divergence(get(o), mean(get)).mean() for get in (lambda t: t.by_text, lambda t: t.by_image)) / 2
    probabilities = torch.stack([t.tokens.float().softmax(-1) for t in teachers]).mean(0)
    lm = -(probabilities * o.tokens.float().log_softmax(-1)).sum(-1).mean()
    return {"itc": itc, "itm": binary + 0.5 * ranking, "lm": lm}


def mix(pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Blends half of the photos with another, and gives a sixth of them a piece of another: the
    teachers say what such a picture shows. Returns the pixels and a mask of those left alone."""
    count, side, device = len(pixels), pixels.shape[-1], pixels.device
    kind = torch.rand(count, device=device)
    mixed, pieced = kind < 0.5, kind > 5 / 6
    amount = torch.where(mixed, torch.rand(count, device=device) * 0.5, 0.0)[:, None, None, None]
    place = torch.arange(side, device=device) / side
    y, x, half = torch.rand(3, count, 1, device=device)
    half = 0.15 + 0.2 * half
    rows, columns = ((place - middle).abs() < half for middle in (y, x))
    piece = (rows[:, None, :, None] & columns[:, None, None, :]) & pieced[:, None, None, None]
    other = pixels.roll(1, 0)
    return torch.where(piece, other, pixels * (1 - amount) + other * amount), (~(mixed | pieced)).float()


@torch.no_grad()
def likeness(model: StarterModel, ids: torch.Tensor) -> torch.Tensor:
    """How alike the captions of photos are, ids [photos, 5, length] -> [photos, photos]"""
    with torch.autocast(ids.device.type, dtype=torch.bfloat16):
        parts = []
        for part in ids.flatten(0, 1).split(2000):
            said = (part != PAD)[..., None]
            parts.append((model.text_encoder(part) * said).sum(1) / said.sum(1))
    texts = F.normalize(torch.cat(parts).float(), dim=-1)
    photos = texts.view(len(ids), ids.shape[1], -1).mean(1)
    photos = F.normalize(photos - photos.mean(0), dim=-1)
    return photos @ photos.T


def grouped(alike: torch.Tensor) -> torch.Tensor:
    """An order of photos in which each GROUP in a row is one photo and the nearest ones still left,
    after GRIT-VLP's grouped batches (Byun et al. 2022)."""
    count, device = len(alike), alike.device
    free = torch.ones(count, dtype=torch.bool, device=device)
    groups = torch.empty(count // GROUP, GROUP, dtype=torch.long, device=device)
    chance = torch.rand(count, device=device)
    for group in groups:
        seed = torch.where(free, chance, -1.0).argmax(0, keepdim=True)
        free[seed] = False
        near = torch.where(free, alike[seed][0], -2.0).topk(GROUP - 1).indices
        free[near] = False
        group[:1], group[1:] = seed, near
    return groups[torch.randperm(len(groups), device=device)].flatten()


def pretrain_decoder(model: StarterModel, texts: torch.Tensor, steps: int) -> None:
    """Teaches the decoder to go on with captions, without photos."""
    optimiser = torch.optim.AdamW(parameter_groups(model, 5e-4), lr=5e-4, betas=(0.9, 0.98))
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        inputs, targets = shift(some_of(texts, 512))
        present = targets != PAD
        with torch.autocast(texts.device.type, dtype=torch.bfloat16):
            hidden = model.text_encoder(drop_words(inputs, 0.1), None, causal=True)
            loss = F.cross_entropy(model.words(hidden[present]).float(), targets[present], label_smoothing=0.1)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    if steps:
        print(f"decoder on captions alone: loss {loss.item():.3f}", flush=True)


def load_teacher(name: str, arguments, vocabulary: int) -> StarterModel:
    saved = torch.load(os.path.join(arguments.work, f"{name}.pt"), map_location=arguments.device)
    teacher = StarterModel(configure(VARIANTS[name], vocabulary)).to(arguments.device).eval()
    teacher.load_state_dict(saved)
    return teacher.to(memory_format=torch.channels_last).requires_grad_(False)


def describe(own: Opinion, opinions: list, losses: dict) -> str:
    """Where numbers that are none come from."""
    parts = ("by_row", "by_text", "by_image", "positive", "tokens")
    bad = [
        [part for part in parts if not torch.isfinite(getattr(opinion, part)).all()]
        for opinion in (own, *opinions)
    ]
    return f"losses {({k: v.item() for k, v in losses.items()})}, not finite {bad}"


def train(name: str, arguments, data: Data) -> None:
    variant = VARIANTS[name]
    device, images, vocabulary = arguments.device, data.images, data.vocabulary
    torch.manual_seed(variant.seed)
    model = StarterModel(configure(variant, len(vocabulary)))
    load_stem(model, arguments.data)
    load_text(model, vocabulary, arguments.data)
    model = model.to(device).to(memory_format=torch.channels_last)
    teachers = [load_teacher(teacher, arguments, len(vocabulary)) for teacher in variant.teachers]
    if variant.start:
        model.load_state_dict(load_teacher(variant.start, arguments, len(vocabulary)).state_dict())
    for layer in model.vision_model.embeddings.stem.features[:FIRST_TRAINED]:
        layer.requires_grad_(False)
    pretrain_decoder(model, data.texts, min(variant.pretrain, 2) if arguments.smoke else variant.pretrain)
    torch.manual_seed(1000 + variant.seed)
    random.seed(variant.seed)
    optimiser = torch.optim.AdamW(parameter_groups(model, variant.rate), lr=variant.rate, betas=(0.9, 0.98), fused=device == "cuda")
    average = Average(model, 0.999 if teachers else 0.998)
    alike = likeness(model.eval(), data.ids) if variant.grouped else None
    model.train()
    if device == "cuda" and not arguments.eager:
        model.vision_model.compile(dynamic=False)
        model.text_encoder.compile(dynamic=False)
    size = arguments.batch or variant.batch
    batches = len(images) // size
    total, step, begun = (arguments.epochs or variant.epochs) * batches, 0, time.time()
    log, best, spoilt = [], None, 0
    print(f"{name}: starts after {time.time() - arguments.begun:.0f} s", flush=True)

    while step < total:
        if step % batches == 0:
            order = torch.randperm(len(images), device=device) if alike is None else grouped(alike)
        if arguments.seconds and step in (40, 100):
            torch.cuda.synchronize()
            if step == 100:
                pace = (time.time() - begun) / 60
                left = arguments.seconds - EVALUATION_SECONDS - (time.time() - arguments.begun)
                most = (arguments.epochs or variant.epochs) * batches
                total = max(200, min(most, int((step + left / pace) / batches) * batches))
                print(f"{name}: {pace * 1000:.0f} ms a step, {total} steps, {total / batches:.1f} epochs", flush=True)
            begun = time.time()
        progress = step / total
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 150)
            group["lr"] = group["peak"] * warm * (0.5 + 0.5 * math.cos(math.pi * progress))
        rows = order[(step % batches) * size :][:size]
        batch = Batch(data, rows, blend=bool(teachers))
        with torch.autocast(device, dtype=torch.bfloat16):
            opinions, pairs = [], None
            with torch.no_grad():
                for teacher in random.sample(teachers, min(ASKED, len(teachers))):
                    opinions.append(Opinion(teacher, batch, variant.negatives, pairs, likely=True))
                    pairs = opinions[0].pairs
            own = Opinion(model, batch, variant.negatives, pairs)
            losses = hard_losses(own, batch)
            loss = losses["itc"] + losses["itm"] + losses["lm"]
            if teachers:
                soft = soft_losses(own, opinions)
                loss = 0.3 * loss + 0.7 * losses["itm"] + soft["itc"] + soft["itm"] + soft["lm"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        step += 1
        if not torch.isfinite(norm):
            spoilt += 1
            print(f"{name} step {step}: no step along {norm}; {describe(own, opinions, losses)}", flush=True)
            if spoilt == 20:
                raise FloatingPointError(f"{name} has come to numbers that are none.")
            continue
        optimiser.step()
        average.update(model)

        if step in {round(total * part) for part in variant.evaluate_at}:
            report = evaluate(average.model, data.dev, data.tokenizer, LENGTH, captions=True)
            print(
                f"{name} step {step} {time.time() - arguments.begun:.0f}s itc {losses['itc']:.3f} "
                f"itm {losses['itm']:.3f} lm {losses['lm']:.3f} temp {own.temp:.4f} | {show(report)}",
                flush=True,
            )
            log.append({"step": step, "score": choice_score(report), **report})
            if best is None or log[-1]["score"] >= best:
                best = log[-1]["score"]
                save(name, average.model, vocabulary, arguments)

    print(f"{name}: {spoilt} steps left out; samples {log[-1]['samples']}", flush=True)
    with open(os.path.join(arguments.work, f"{name}.json"), "w") as f:
        json.dump(log, f)


def save(name: str, model: StarterModel, vocabulary: list, arguments) -> None:
    os.makedirs(arguments.work, exist_ok=True)
    torch.save(model.state_dict(), os.path.join(arguments.work, f"{name}.pt"))
    save_checkpoint(model, vocabulary, os.path.join(arguments.work, name))


@torch.no_grad()
def average_students(arguments, data: Data) -> None:
    """Writes the mean of the students' weights, or the best of them where that is better."""
    models = [load_teacher(name, arguments, len(data.vocabulary)) for name in STUDENTS]
    mean = copy.deepcopy(models[0])
    for name, parameter in mean.named_parameters():
        parameter.copy_(torch.stack([model.get_parameter(name) for model in models]).mean(0))
    candidates = {"mean of students": mean, **dict(zip(STUDENTS, models))}
    best = None
    for name, model in candidates.items():
        if name in STUDENTS:
            with open(os.path.join(arguments.work, f"{name}.json")) as f:
                score = max(entry["score"] for entry in json.load(f))
        else:
            report = evaluate(model, data.dev, data.tokenizer, LENGTH, captions=True)
            score = choice_score(report)
            print(f"{name} | {show(report)}", flush=True)
        print(f"{name}: {score:.2f}", flush=True)
        if best is None or score > best[0]:
            best = score, name, model
    print(f"chosen: {best[1]}", flush=True)
    save_checkpoint(best[2], data.vocabulary, arguments.out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="resources/models/starter")
    parser.add_argument("--work", default="/tmp/starter", help="teachers, students and logs")
    parser.add_argument("--name", nargs="*", choices=[*VARIANTS, "mean"], help="parts of the recipe, in order; default: all")
    parser.add_argument("--seconds", type=float, nargs="*", default=[], help="when to end each part, from the start")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--polishing", type=int, help="steps of each polishing of the captioner, to try the script")
    parser.add_argument("--limit", type=int, help="photos to learn from, a quarter as many of dev: to try the script")
    parser.add_argument("--smoke", action="store_true", help="every part on a few photos for a few steps, into an empty --work")
    parser.add_argument("--eager", action="store_true", help="do not compile, which takes two minutes a part")
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    if arguments.smoke:
        arguments.limit, arguments.epochs, arguments.batch = 16, 1, 16
        arguments.eager, arguments.device = True, "cpu"
    arguments.begun = time.time()
    os.makedirs(arguments.work, exist_ok=True)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.enable_cudnn_sdp(False)
    torch._dynamo.config.recompile_limit = 64
    data = load_data(arguments)
    names = arguments.name or [*TEACHERS, *STUDENTS, "mean"]
    for name, arguments.seconds in zip(names, arguments.seconds or [None] * len(names)):
        if name == "mean":
            await_files(arguments, tuple(STUDENTS))
            average_students(arguments, data)
        else:
            await_files(arguments, VARIANTS[name].teachers)
            train(name, arguments, data)
    if arguments.name is None:
        places = ["--data", arguments.data, "--checkpoint", arguments.out, "--device", arguments.device]
        if arguments.limit:
            places += ["--limit", str(arguments.limit // 4)]
        soup = ["--out", arguments.out, "--work", arguments.work]
        if arguments.smoke:
            soup += ["--steps", "2", "--batch", "4", "--evaluations", "1"]
        elif arguments.polishing:
            soup += ["--steps", str(arguments.polishing), "--evaluations", "1"]
        for script, more in (("soup.py", soup), ("calibrate.py", [])):
            path = os.path.join(os.path.dirname(__file__), script)
            subprocess.run([sys.executable, path, *places, *more], check=True)


def await_files(arguments, teachers: tuple) -> None:
    """Waits for teachers that learn in other processes."""
    while not all(os.path.exists(os.path.join(arguments.work, f"{t}.json")) for t in teachers):
        time.sleep(1)


if __name__ == "__main__":
    main()
