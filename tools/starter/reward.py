"""CIDEr-D and BLEU-4 of single captions as tensors: what polish.py rewards."""

import math

import torch

from model import PAD

ORDERS = (1, 2, 3, 4)
BITS = 15  # of a piece in the code of an n-gram: four of them fit 63 bits


def grams(ids: torch.Tensor, order: int) -> torch.Tensor:
    """Codes of the n-grams that start at each piece; -1 where one would run into padding.
    ids [..., length] -> [..., length - order + 1]"""
    windows = ids.unfold(-1, order, 1)
    code = windows[..., 0].clone()
    for i in range(1, order):
        code = (code << BITS) + windows[..., i]
    return torch.where((windows == PAD).any(-1), -1, code)


def counts(code: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How often each n-gram occurs in its text, and whether it stands there for the first time."""
    same = code[..., :, None] == code[..., None, :]
    earlier = same & torch.ones_like(same).tril(-1)
    return same.sum(-1), ~earlier.any(-1) & (code >= 0)


class Reward:
    """CIDEr-D of captions, and a share of their BLEU-4, between 0 and 1 and smoothed as of single sentences
    (Lin and Och 2004: 1 is added to what orders above 1 count).

    Of pieces rather than words, and with the end of a caption as a word: without it captions that
    break off would be rewarded for what they leave out."""

    def __init__(self, ids: torch.Tensor, bleu: float):
        """ids [photos, references, length]: [CLS] pieces [SEP], padded; the weight of BLEU-4"""
        self.bleu = bleu
        self.references = ids[..., 1:].contiguous()
        self.lengths = (self.references != PAD).sum(-1)
        self.log_photos = math.log(len(ids))
        self.tables = {}
        for order in ORDERS:
            code = grams(self.references, order).flatten(1)
            seen = [row[row >= 0].unique() for row in code.cpu()]
            known, documents = torch.cat(seen).unique(return_counts=True)
            self.tables[order] = known.to(ids.device), documents.float().log().to(ids.device)

    def rarity(self, code: torch.Tensor, order: int) -> torch.Tensor:
        known, log_documents = self.tables[order]
        place = torch.searchsorted(known, code).clamp(max=len(known) - 1)
        return self.log_photos - torch.where(known[place] == code, log_documents[place], 0.0)

    def __call__(self, ids: torch.Tensor, photos: torch.Tensor) -> torch.Tensor:
        """Captions [captions, length], pieces and [SEP], padded, of these photos -> rewards [captions]"""
        references = self.references[photos]
        length = (ids != PAD).sum(-1)
        gap = length[:, None] - self.lengths[photos]
        near = torch.exp(-gap.float().square() / 72)
        cider, log_precision = torch.zeros(2, len(ids), device=ids.device)
        for order in ORDERS:
            own, theirs = grams(ids, order), grams(references, order)
            own_count, own_first = counts(own)
            their_count, their_first = counts(theirs)
            # [captions, references, n-grams]: how often each of a caption's n-grams is in a reference
            times = (own[:, None, :, None] == theirs[:, :, None, :]).sum(-1)
            rare = self.rarity(own, order) * own_first
            weight, shared = own_count * rare, times * rare[:, None]
            their_weight = their_count * self.rarity(theirs, order) * their_first
            dot = (torch.minimum(weight[:, None], shared) * shared).sum(-1)
            norm = weight.norm(dim=-1)[:, None] * their_weight.norm(dim=-1)
            cider += (dot / norm.clamp(min=1e-6) * near).mean(-1) / len(ORDERS)
            right = (torch.minimum(own_count, times.amax(1)) * own_first).sum(-1)
            more = 0 if order == 1 else 1
            share = (right + more) / ((own >= 0).sum(-1) + more).clamp(min=1)
            log_precision += share.clamp(min=1e-9).log() / len(ORDERS)
        # The length of the reference nearest in length, the shorter of two.
        nearest = self.lengths[photos].gather(1, (2 * gap.abs() - (gap > 0).long()).argmin(1, keepdim=True))[:, 0]
        brevity = (1 - nearest / length.clamp(min=1)).clamp(max=0)
        return 10 * cider + self.bleu * (log_precision + brevity).exp()
