"""What a model says of pairs of a photo and a text."""

import torch
import torch.nn.functional as F

from model import DEC, PAD, SEP, StarterModel

# What puts lists in order while training: the log-odds of a match, and the cosine and, where there is
# one, the captioner's log-likelihood with these weights. calibrate.py fits those of search.
COSINE, CAPTIONER = 12.0, 0.5


def shift(ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """[CLS] pieces [SEP] -> decoder input [DEC] pieces, and the targets pieces [SEP]"""
    inputs = torch.cat([torch.full_like(ids[:, :1], DEC), ids[:, 1:-1]], 1)
    return torch.where(inputs == SEP, PAD, inputs), ids[:, 1:]


def log_likelihoods(model: StarterModel, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """log p(text | photo) of each pair: [pairs]"""
    inputs, targets = shift(ids)
    present = targets != PAD
    hidden = model.text_encoder(inputs, features, causal=True)
    each = -F.cross_entropy(model.words(hidden[present]).float(), targets[present], reduction="none")
    rows = present.nonzero()[:, 0]
    return torch.zeros(len(ids), device=ids.device).index_add_(0, rows, each)


def log_odds(model: StarterModel, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Log-odds of a match of each pair, by the matching mode: [pairs]"""
    logits = model.match(ids, features)
    return logits[:, 1] - logits[:, 0]
