"""CIDEr-D of sampled captions as tensors: what polish.py rewards."""

import math

import torch

from model import PAD, SEP

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


class CiderD:
    """Of pieces rather than words, and with the end of a caption as a word: without it captions that
    break off would be rewarded for what they leave out."""

    def __init__(self, ids: torch.Tensor):
        """ids [photos, references, length]: [CLS] pieces [SEP], padded"""
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
        """Captions [captions, length], pieces and [SEP], padded, of these photos -> scores [captions]"""
        references = self.references[photos]
        gap = (ids != PAD).sum(-1)[:, None] - self.lengths[photos]
        near = torch.exp(-gap.float().square() / 72)
        score = torch.zeros(len(ids), device=ids.device)
        for order in ORDERS:
            own, theirs = grams(ids, order), grams(references, order)
            own_count, own_first = counts(own)
            their_count, their_first = counts(theirs)
            rare = self.rarity(own, order) * own_first
            weight = own_count * rare
            their_weight = their_count * self.rarity(theirs, order) * their_first
            # [captions, references, n-grams]: how often each of a caption's n-grams is in a reference
            shared = (own[:, None, :, None] == theirs[:, :, None, :]).sum(-1) * rare[:, None]
            dot = (torch.minimum(weight[:, None], shared) * shared).sum(-1)
            norm = weight.norm(dim=-1)[:, None] * their_weight.norm(dim=-1)
            score += (dot / norm.clamp(min=1e-6) * near).mean(-1) / len(ORDERS)
        return 10 * score


def ended(ids: torch.Tensor) -> torch.Tensor:
    """Captions with all that follows their first [SEP] as padding."""
    over = (ids == SEP).cumsum(-1) - (ids == SEP).long() > 0
    return torch.where(over, PAD, ids)
