"""BLEU-4, CIDEr-D and ROC AUC, for watching a training run.

The figures in the model card come from `medley eval`, which measures the exported checkpoint.
"""

import math
import re
from collections import Counter, defaultdict

import torch


def auc(positive: torch.Tensor, negative: torch.Tensor) -> float:
    ordered = negative.sort().values
    low = torch.searchsorted(ordered, positive, right=False)
    high = torch.searchsorted(ordered, positive, right=True)
    return ((low + high).double().mean() / 2 / len(ordered)).item()


def words(text: str) -> list:
    return re.sub(r"[^a-z0-9' -]", " ", text.lower()).split()


def ngrams(tokens: list, n: int) -> Counter:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def bleu4(candidates: list, references: list) -> float:
    match, total, length, closest = [0] * 4, [0] * 4, 0, 0
    for candidate, refs in zip(candidates, references):
        c, rs = words(candidate), [words(r) for r in refs]
        length += len(c)
        closest += min((abs(len(r) - len(c)), len(r)) for r in rs)[1]
        for n in range(1, 5):
            counts, limit = ngrams(c, n), Counter()
            for r in rs:
                limit |= ngrams(r, n)
            match[n - 1] += sum((counts & limit).values())
            total[n - 1] += max(0, len(c) - n + 1)
    if 0 in match:
        return 0.0
    precision = sum(math.log(m / t) for m, t in zip(match, total)) / 4
    return 100 * math.exp(precision + min(0.0, 1 - closest / length))


def cider_d(candidates: list, references: list) -> float:
    """As the COCO evaluation scales it: two unrelated captions near 0, human agreement near 0.8."""
    documents = defaultdict(float)
    reference_grams = [[[ngrams(words(r), n) for n in range(1, 5)] for r in refs] for refs in references]
    for grams in reference_grams:
        for gram in {g for reference in grams for counts in reference for g in counts}:
            documents[gram] += 1
    log_total = math.log(len(references))

    def vector(counts: Counter) -> dict:
        return {g: c * (log_total - math.log(max(1.0, documents[g]))) for g, c in counts.items()}

    score = 0.0
    for candidate, refs in zip(candidates, reference_grams):
        tokens = words(candidate)
        for n in range(4):
            vc = vector(ngrams(tokens, n + 1))
            norm_c = math.sqrt(sum(v * v for v in vc.values()))
            for reference in refs:
                vr = vector(reference[n])
                norm_r = math.sqrt(sum(v * v for v in vr.values()))
                dot = sum(min(v, vr[g]) * vr[g] for g, v in vc.items() if g in vr)
                if norm_c and norm_r:
                    gap = len(tokens) - (sum(reference[0].values()))
                    score += dot / norm_c / norm_r * math.exp(-gap * gap / 72) / len(refs) / 4
    return 10 * score / len(candidates)
