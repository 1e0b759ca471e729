"""Makes the probabilities of the matching mode mean what they say, and fits how much captioner and
cosine count when results are put in order; the weight of the cosine goes into config.json.

    python tools/starter/calibrate.py --data DATA --checkpoint FOLDER

All is fitted on one half of dev and reported on both. The pairs are what people may ask: captions,
single words and scraps that fit a photo, and, as many, captions of other photos at random, the nearest
of them, those of other sources, captions with a word exchanged, words that nobody said of the photo,
nonsense, other scripts, empty text, and pictures that nothing fits.
"""

import argparse
import json
import os

import torch
import torch.nn.functional as F

from data import Tokenizer, load_split, load_texts
from evaluate import Encoded, encode, evaluate, halves, show
from made_pictures import KINDS, made_pictures
from made_texts import MadeTexts
from metrics import auc
from model import StarterModel, load_checkpoint, save_checkpoint
from prepared import LENGTH
from scores import log_odds

MADE = 250
FITTING = 0.5  # the share of pairs that fit
DOUBTED = {"nearest caption": 0.25}  # counts less than the other kinds: many of these do fit
RERANK = 32


def made_odds(e: Encoded, made: MadeTexts) -> dict:
    """Log-odds by kind of pair, each [photos, pairs of a photo]."""
    device = e.owner.device
    photos = torch.arange(len(e.photos), device=device)
    count = len(photos)
    chance = torch.Generator().manual_seed(2)

    def other(rows: int) -> torch.Tensor:
        return torch.randint(rows, (count,), generator=chance).to(device)

    def odds(*texts: torch.Tensor) -> torch.Tensor:
        return torch.stack([e.odds(photos, ids) for ids in texts], 1)

    own = e.ids.view(count, 5, -1)
    return {
        "caption": odds(*own.unbind(1)),
        "scrap": odds(*made.scraps.unbind(1)),
        "random caption": odds(*(own[(photos + 1 + other(count - 1)) % count, i] for i in range(5))),
        "nearest caption": odds(e.ids[e.nearest_foreign()]),
        "foreign caption": odds(*(made.foreign[other(len(made.foreign))] for _ in range(4))),
        "edited caption": odds(*made.edits.unbind(1)),
        "other word": odds(*made.words.unbind(1)),
        "nonsense": odds(*(made.nothing[other(len(made.nothing))] for _ in range(4))),
    }


@torch.no_grad()
def picture_odds(model: StarterModel, ids: torch.Tensor, pictures: torch.Tensor, photos: int) -> torch.Tensor:
    """Log-odds of captions with made pictures, laid out as rows of dev photos: [photos, 4]"""
    features = encode(model, pictures)[0]
    chance = torch.Generator().manual_seed(3)
    texts = ids[torch.randint(len(ids), (4 * photos,), generator=chance).to(ids.device)]
    rows = torch.arange(4 * photos, device=ids.device) % len(pictures)
    parts = zip(texts.split(4000), rows.split(4000))
    return torch.cat([log_odds(model, t, features[r]) for t, r in parts]).view(photos, 4)


FITS = ("caption", "scrap")


def mixture(kinds: dict, half: torch.Tensor) -> tuple:
    """Log-odds, labels and weights of the pairs of a half."""
    odds, labels, weights = [], [], []
    for name, values in kinds.items():
        values = values[half].flatten().double()
        alike = [kind for kind in kinds if (kind in FITS) == (name in FITS)]
        share = DOUBTED.get(name, 1.0) / sum(DOUBTED.get(kind, 1.0) for kind in alike)
        share *= FITTING if name in FITS else 1 - FITTING
        odds.append(values)
        labels.append(torch.full_like(values, float(name in FITS)))
        weights.append(torch.full_like(values, share / len(values)))
    return torch.cat(odds), torch.cat(labels), torch.cat(weights)


def fit_line(odds: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> tuple[float, float]:
    """Platt: scale and offset of log-odds with which probabilities are shares of fitting pairs."""
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, device=odds.device, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.binary_cross_entropy_with_logits(line[0] * odds + line[1], labels, weights, reduction="sum")
        value.backward()
        return value

    optimiser.step(loss)
    return tuple(line.tolist())


@torch.no_grad()
def set_line(model: StarterModel, scale: float, offset: float) -> None:
    """Puts the whole log-odds on the match logit, the other being 0. Changes no order."""
    head = model.itm_head
    for parameter, constant in ((head.weight, 0.0), (head.bias, offset)):
        match = scale * (parameter[1] - parameter[0]) + constant
        parameter.copy_(torch.stack([torch.zeros_like(match), match]))


def calibration_error(odds: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> float:
    """Expected calibration error over ten equal bins of probability."""
    probability = odds.sigmoid()
    bins = (probability * 10).long().clamp(max=9)
    gap = torch.zeros(10, dtype=torch.float64, device=odds.device)
    gap.index_add_(0, bins, weights * (probability - labels))
    return gap.abs().sum().item()


def fit_order(e: Encoded) -> dict:
    """Weights of the cosine and of the captioner's log-likelihood beside the log-odds, for text to
    photo and the cosine for photo to text, best on the first half; recall on both."""
    lists = e.shortlists(min(RERANK, len(e.photos)))
    parts = []
    for photos, texts in lists:
        ids = e.ids[texts.flatten()]
        odds, likely = (f(photos.flatten(), ids).view(photos.shape).float() for f in (e.odds, e.likelihoods))
        parts.append((odds, e.cosine[photos, texts], likely))
    device = e.owner.device
    first, second = halves(len(e.photos), device)

    def scores(cosine: float, captioner: float) -> list:
        return [o + cosine * c + captioner * l for o, c, l in parts]

    grid = [(cosine, captioner) for cosine in (0, 1, 2, 4, 6, 9, 13, 18, 25, 35, 50, 70) for captioner in (0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.3)]

    def best(allowed, way: int) -> tuple:
        return max(allowed, key=lambda weights: sum(e.recalls(scores(*weights), lists, first)[way][:2]))

    report = {}
    for name, weights in (
        ("itc", (1e6, 0)),
        ("match + cosine", (1, 0)),
        ("cosine fitted", best([w for w in grid if w[1] == 0], 0)),
        ("captioner fitted", best(grid, 0)),
        ("photo to text fitted", best(grid, 1)),
    ):
        value = scores(*weights)
        report[name] = {
            "weights": weights, "first half": e.recalls(value, lists, first),
            "second half": e.recalls(value, lists, second), "all": e.recalls(value, lists),
        }
    return report


@torch.no_grad()
def measure(model, split, tokenizer, made, pictures) -> tuple[Encoded, dict]:
    e = Encoded(model, split, tokenizer, LENGTH)
    kinds = made_odds(e, made)
    kinds["made picture"] = picture_odds(model, e.ids, pictures, len(e.photos))
    return e, kinds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--checkpoint", required=True, help="a folder, its weights changed in place")
    parser.add_argument("--scores", help="a file for all figures, JSON")
    parser.add_argument("--limit", type=int, help="photos, to try the script")
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    model, vocabulary = load_checkpoint(arguments.checkpoint)
    model = model.to(arguments.device).to(memory_format=torch.channels_last).requires_grad_(False)
    tokenizer = Tokenizer(vocabulary)
    split = load_split(os.path.join(arguments.data, "flickr8k"), "dev", arguments.limit)
    foreign, _ = load_texts(arguments.data)
    made = MadeTexts(split.captions, foreign, tokenizer, LENGTH, arguments.data, seed=2).to(arguments.device)
    pictures = made_pictures(MADE, split.images.shape[-1], seed=2).to(arguments.device)
    first, second = halves(len(split.names), arguments.device)

    e, kinds = measure(model, split, tokenizer, made, pictures)
    scale, offset = fit_line(*mixture(kinds, first))
    set_line(model, scale, offset)
    print(f"calibrated: log-odds x {scale:.3f} + {offset:.3f}", flush=True)
    e, kinds = measure(model, split, tokenizer, made, pictures)
    report = {"line": [scale, offset]}
    report["calibration error"] = [calibration_error(*mixture(kinds, half)) for half in (first, second)]
    report["kinds"] = {
        name: {
            "auc against captions": auc(kinds["caption"].flatten(), values.flatten()),
            "above a half": (values > 0).float().mean().item(),
            "above 0.9": (values.sigmoid() > 0.9).float().mean().item(),
        }
        for name, values in kinds.items()
    }
    each = kinds["made picture"].flatten()
    kind_of = torch.arange(len(each), device=each.device) % MADE // (MADE // len(KINDS))
    report["pictures above a half"] = {
        kind.__name__: (each[kind_of == i] > 0).float().mean().item() for i, kind in enumerate(KINDS)
    }
    with torch.no_grad():
        report["order"] = fit_order(e)
    model.config.cosine_weight = report["order"]["cosine fitted"]["weights"][0]
    save_checkpoint(model, vocabulary, arguments.checkpoint)
    scores = evaluate(model, split, tokenizer, LENGTH, captions=True)
    report["scores"] = scores
    print(show(scores))
    print(json.dumps({k: v for k, v in report.items() if k != "scores"}, indent=1))
    if arguments.scores:
        with open(arguments.scores, "w") as f:
            json.dump(report, f, indent=1)


if __name__ == "__main__":
    main()
