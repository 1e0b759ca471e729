"""Captions, word by word: drawn, or the best that beam search finds, as Medley decodes them."""

import math

import torch

from model import DEC, PAD, SEP, SPECIAL_TOKENS, StarterModel

BEAMS = 3
LONGEST, SHORTEST = 20, 5  # pieces with [DEC], as `generation` of config.json has them


class Decoding:
    """Captions in the making, several of each photo. Keys and values of the photos and of the words
    so far are computed once."""

    def __init__(self, model: StarterModel, features: torch.Tensor, captions: int):
        """features [photos, N, D]"""
        self.model, self.length = model, 0
        self.photos = [layer.crossattention.keys_values(features) for layer in model.text_encoder.encoder.layer]
        self.words = [None] * len(self.photos)
        self.start = torch.full((len(features) * captions,), DEC, device=features.device)

    def logits(self, last: torch.Tensor) -> torch.Tensor:
        """The last piece of each caption [captions] -> f32 logits of the next one [captions, vocabulary]"""
        text = self.model.text_encoder
        x = text.embeddings(last[:, None], first=self.length)
        for i, (layer, own) in enumerate(zip(text.encoder.layer, text.causal_attention)):
            attention = layer.attention if own is None else own
            new = attention.keys_values(x)
            if self.words[i] is not None:
                new = tuple(torch.cat(pair, 2) for pair in zip(self.words[i], new))
            self.words[i] = new
            x = layer.after_attention(attention.attend(x, *new), self.photos[i])
        self.length += 1
        logits = self.model.words(x[:, 0]).float()
        if self.length < SHORTEST:
            logits[:, SEP] = -math.inf
        return logits

    def reorder(self, rows: torch.Tensor) -> None:
        """Goes on with these captions, which may be some of them several times, in this order."""
        self.words = [(keys[rows], values[rows]) for keys, values in self.words]


@torch.no_grad()
def sample(model: StarterModel, features: torch.Tensor, captions: int) -> torch.Tensor:
    """Captions of each photo, drawn word by word: pieces and [SEP], padded
    [photos * captions, LONGEST - 1]"""
    decoding = Decoding(model, features, captions)
    drawn = [decoding.start]
    for _ in range(1, LONGEST):
        logits = decoding.logits(drawn[-1])
        logits[:, :SEP] = -math.inf
        drawn.append(torch.multinomial(logits.softmax(-1), 1)[:, 0])
    return ended(torch.stack(drawn[1:], 1))


def ended(ids: torch.Tensor) -> torch.Tensor:
    """Captions with all that follows their first [SEP] as padding."""
    over = (ids == SEP).cumsum(-1) - (ids == SEP).long() > 0
    return torch.where(over, PAD, ids)


class Finished:
    """The mean log-probabilities of the best captions of each photo that have ended, and the best one."""

    def __init__(self, photos: int, device):
        self.scores = torch.full((photos, BEAMS), -math.inf, device=device)
        self.best = torch.full((photos, LONGEST - 1), PAD, device=device)

    def add(self, scores: torch.Tensor, ids: torch.Tensor) -> None:
        """Scores [photos, captions], -inf for those that have not ended, and ids [photos, captions, T]"""
        value, place = scores.max(-1)
        chosen = ids.gather(1, place[:, None, None].expand(-1, 1, ids.shape[-1]))[:, 0]
        better = (value > self.scores[:, 0])[:, None]
        self.best[:, : ids.shape[-1]] = torch.where(better, chosen, self.best[:, : ids.shape[-1]])
        self.best[:, ids.shape[-1] :].masked_fill_(better, PAD)
        self.scores = torch.cat([self.scores, scores], 1).topk(BEAMS, -1).values


@torch.no_grad()
def beam_captions(model: StarterModel, features: torch.Tensor) -> list:
    """Beam search by mean log-probability: ids of the best caption of each photo, without specials."""
    count, device = len(features), features.device
    decoding = Decoding(model, features, BEAMS)
    ids = torch.empty(count, BEAMS, 0, dtype=torch.long, device=device)
    scores = torch.full((count, BEAMS), -math.inf, device=device)
    scores[:, 0] = 0
    last, finished = decoding.start, Finished(count, device)
    decided = torch.zeros(count, 1, dtype=torch.bool, device=device)
    first_beam = torch.arange(count, device=device)[:, None] * BEAMS
    among_best = torch.arange(2 * BEAMS, device=device) < BEAMS
    for length in range(1, LONGEST):
        likely = decoding.logits(last).log_softmax(-1).view(count, BEAMS, -1)
        top, index = (scores[:, :, None] + likely).flatten(1).topk(2 * BEAMS, -1)
        source, piece = index // likely.shape[-1], index % likely.shape[-1]
        before = ids.gather(1, source[:, :, None].expand(-1, -1, ids.shape[-1]))
        ends = piece == SEP
        finished.add(torch.where(ends & among_best & ~decided, top / length, -math.inf), before)
        scores, keep = top.masked_fill(ends, -math.inf).topk(BEAMS, -1)
        before = before.gather(1, keep[:, :, None].expand(-1, -1, before.shape[-1]))
        ids = torch.cat([before, piece.gather(1, keep)[:, :, None]], -1)
        decided |= finished.scores[:, -1:] >= scores[:, :1] / length
        last = ids[:, :, -1].flatten()
        decoding.reorder((first_beam + source.gather(1, keep)).flatten())
    finished.add(torch.where(decided, -math.inf, scores / length), ids)
    return [[piece for piece in row if piece >= len(SPECIAL_TOKENS)] for row in finished.best.tolist()]
