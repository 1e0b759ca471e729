"""Scores of a model on a split, on the GPU."""

import torch

from data import Split, Tokenizer, sized
from decoding import beam_captions
from metrics import auc, bleu4, cider_d
from model import StarterModel
from scores import CAPTIONER, COSINE, log_likelihoods, log_odds


def encode(model: StarterModel, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Photos as they are, uint8 [B, 3, S, S] -> patch features and embeddings"""
    pixels = sized(images.float(), model.config.vision.image_size).round().clamp(0, 255) / 127.5 - 1
    return model.encode_images(pixels.to(memory_format=torch.channels_last))


class Encoded:
    """A split as a model encodes it."""

    def __init__(self, model: StarterModel, split: Split, tokenizer: Tokenizer, length: int):
        device = next(model.parameters()).device
        self.model = model
        encoded = [encode(model, part.to(device)) for part in split.images.split(250)]
        self.features = torch.cat([features for features, _ in encoded])
        self.photos = torch.cat([photos for _, photos in encoded]).float()
        self.ids = tokenizer.encode([c for five in split.captions for c in five], length).to(device)
        self.owner = torch.arange(len(split.names), device=device).repeat_interleave(5)
        self.texts = torch.cat([model.encode_texts(part) for part in self.ids.split(1000)]).float()
        self.cosine = self.photos @ self.texts.T

    def odds(self, photos: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Log-odds of a match of each pair."""
        parts = zip(photos.split(4000), ids.split(4000))
        return torch.cat([log_odds(self.model, i, self.features[p]) for p, i in parts])

    def likelihoods(self, photos: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """log p(text | photo) of each pair."""
        parts = zip(photos.split(2000), ids.split(2000))
        return torch.cat([log_likelihoods(self.model, i, self.features[p]) for p, i in parts])

    def shortlists(self, count: int) -> list:
        """The pairs that re-ranking looks at, for text to photo and for photo to text: photos and
        texts, each [queries, count]"""
        device = self.owner.device
        photos = self.cosine.topk(count, dim=0).indices.T
        texts = self.cosine.topk(count, dim=1).indices
        return [
            (photos, torch.arange(len(photos), device=device)[:, None].expand_as(photos)),
            (torch.arange(len(texts), device=device)[:, None].expand_as(texts), texts),
        ]

    def recalls(self, scores: list, shortlists: list, queries=None) -> tuple:
        """R@1, 5, 10 of text to photo and photo to text, of some photos' queries."""
        out = []
        for which, (value, (photos, texts)) in enumerate(zip(scores, shortlists)):
            right = self.owner[texts] == photos
            order = value.argsort(1, descending=True)
            right = right.gather(1, order)
            asking = self.owner if which == 0 else torch.arange(len(self.photos), device=photos.device)
            if queries is not None:
                right = right[torch.isin(asking, queries)]
            out.append([100 * right[:, :k].any(1).float().mean().item() for k in (1, 5, 10)])
        return tuple(out)

    def nearest_foreign(self) -> torch.Tensor:
        """For each photo the caption of another with the highest cosine."""
        own = self.owner[None] == torch.arange(len(self.photos), device=self.owner.device)[:, None]
        return self.cosine.masked_fill(own, -2).argmax(1)


def halves(count: int, device) -> tuple:
    """The half of the photos on which things are chosen, and the other."""
    return torch.arange(0, count, 2, device=device), torch.arange(1, count, 2, device=device)


@torch.no_grad()
def evaluate(model, split: Split, tokenizer: Tokenizer, length: int, captions: bool, rerank=32) -> dict:
    model.eval()
    device = next(model.parameters()).device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        e = Encoded(model, split, tokenizer, length)
        lists = e.shortlists(min(rerank, len(split.names)))
        odds = [e.odds(photos.flatten(), e.ids[texts.flatten()]).view_as(photos) for photos, texts in lists]
        cosine = [e.cosine[photos, texts] for photos, texts in lists]
        right = e.odds(e.owner, e.ids)
        other = (e.owner.cpu() + torch.randint(1, len(split.names), e.owner.shape, generator=torch.Generator().manual_seed(1)))
        wrong = e.odds(other.to(device) % len(split.names), e.ids)
        everyone = torch.arange(len(split.names), device=device)
        hard = e.odds(everyone, e.ids[e.nearest_foreign()])
        report = {"itm_auc": auc(right, wrong), "hard_auc": auc(right, hard)}
        ranked = [o + COSINE * c for o, c in zip(odds, cosine)]
        photos, texts = lists[0]
        told = e.likelihoods(photos.flatten(), e.ids[texts.flatten()]).view_as(photos)
        told = [ranked[0] + CAPTIONER * told, ranked[1]]
        for name, queries in (("all", None), ("choice", halves(len(split.names), device)[0])):
            report[name] = {
                "itc": e.recalls(cosine, lists, queries), "reranked": e.recalls(ranked, lists, queries),
                "told": e.recalls(told, lists, queries),
            }
        if captions:
            texts_out = [tokenizer.decode(row) for part in e.features.split(250) for row in beam_captions(model, part)]
            report["bleu4"] = bleu4(texts_out, split.raw_captions)
            report["cider_d"] = cider_d(texts_out, split.raw_captions)
            report["choice_cider_d"] = cider_d(texts_out[::2], split.raw_captions[::2])
            report["samples"] = texts_out[:6]
    return report


def choice_score(report: dict) -> float:
    """What moments of a run are compared by: on the half of dev kept for choices."""
    chosen = report["choice"]
    both = [chosen[kind][way][0] for kind in ("itc", "reranked") for way in (0, 1)]
    return sum(both) / 2 + 60 * report["choice_cider_d"] + 50 * report["itm_auc"] + 20 * report["hard_auc"]


def show(report: dict) -> str:
    def line(values):
        return " ".join(f"{v:.1f}" for v in values)

    itc, reranked, told = (report["all"][kind] for kind in ("itc", "reranked", "told"))
    text = (
        f"t2i itc {line(itc[0])} | re-ranked {line(reranked[0])} | by the captioner too {line(told[0])} || "
        f"i2t itc {line(itc[1])} | re-ranked {line(reranked[1])} || "
        f"auc {report['itm_auc']:.4f} hard {report['hard_auc']:.3f}"
    )
    if "bleu4" in report:
        text += f" || bleu {report['bleu4']:.2f} cider {report['cider_d']:.3f}"
    return text
