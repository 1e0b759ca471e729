"""Scores of a model on a split, on the GPU."""

import math

import torch

from data import Split, Tokenizer
from metrics import auc, bleu4, cider_d, recalls
from model import DEC, SEP, SPECIAL_TOKENS


@torch.no_grad()
def beam_captions(model, image: torch.Tensor, beams=3, max_length=20, min_length=5) -> list:
    """Beam search without length bias other than the mean log-probability; ids of the best."""
    count, device = len(image), image.device
    features = image.repeat_interleave(beams, 0)
    ids = torch.full((count * beams, 1), DEC, device=device)
    scores = torch.full((count, beams), -math.inf, device=device)
    scores[:, 0] = 0
    best_score = torch.full((count,), -math.inf, device=device)
    best = [[] for _ in range(count)]
    for length in range(1, max_length):
        logp = model.decode(ids, features)[:, -1].float().log_softmax(-1)
        if length < min_length:
            logp[:, SEP] = -math.inf
        total = scores[:, :, None] + logp.view(count, beams, -1)
        vocabulary = total.shape[-1]
        top, index = total.flatten(1).topk(2 * beams, -1)
        source, token = index // vocabulary, index % vocabulary
        ended = token == SEP
        rows = ids.view(count, beams, -1)
        ending = torch.where(ended & (torch.arange(2 * beams, device=device) < beams), top, -math.inf)
        value, place = (ending / length).max(-1)
        better = value > best_score
        best_score = torch.where(better, value, best_score)
        for i in better.nonzero().flatten().tolist():
            best[i] = rows[i, source[i, place[i]], 1:].tolist()
        going = top.masked_fill(ended, -math.inf)
        scores, keep = going.topk(beams, -1)
        chosen = source.gather(1, keep)
        rows = rows.gather(1, chosen[:, :, None].expand(-1, -1, rows.shape[-1]))
        ids = torch.cat([rows, token.gather(1, keep)[:, :, None]], -1).view(count * beams, -1)
    for i in range(count):
        if not best[i]:
            best[i] = ids.view(count, beams, -1)[i, 0, 1:].tolist()
    return [[t for t in row if t >= len(SPECIAL_TOKENS)] for row in best]


@torch.no_grad()
def evaluate(model, split: Split, tokenizer: Tokenizer, length: int, captions: bool, rerank=32) -> dict:
    model.eval()
    device = next(model.parameters()).device
    features, image_embeddings = [], []
    for chunk in split.images.split(250):
        pixels = chunk.to(device).float() / 127.5 - 1
        f, e = model.encode_images(pixels.to(memory_format=torch.channels_last))
        features.append(f)
        image_embeddings.append(e)
    features, image_embeddings = torch.cat(features), torch.cat(image_embeddings)
    texts = [c for five in split.captions for c in five]
    ids = tokenizer.encode(texts, length).to(device)
    owner = torch.arange(len(split.names), device=device).repeat_interleave(5)
    text_embeddings = torch.cat([model.encode_texts(part) for part in ids.split(1000)])
    with torch.autocast(device.type, enabled=False):
        similarity = image_embeddings.float() @ text_embeddings.float().T

    def match_logits(images: torch.Tensor, captions_: torch.Tensor) -> torch.Tensor:
        out = []
        for i, c in zip(images.split(4000), captions_.split(4000)):
            logits = model.match(ids[c], features[i])
            out.append(torch.stack([logits[:, 1], logits[:, 1] - logits[:, 0]]))
        return torch.cat(out, dim=1)

    report = {"itc": recalls(similarity, owner)}
    every = torch.arange(len(texts), device=device)
    top = similarity.topk(rerank, dim=0).indices  # [rerank, captions]
    pair = match_logits(top.flatten(), every.expand(rerank, -1).flatten())[0].view(rerank, -1)
    ranked = similarity - 1000
    ranked.scatter_(0, top, pair + similarity.gather(0, top))
    report["reranked_t2i"] = recalls(ranked, owner)["t2i"]
    top = similarity.topk(rerank, dim=1).indices  # [images, rerank]
    rows = torch.arange(len(split.names), device=device)[:, None].expand(-1, rerank)
    pair = match_logits(rows.flatten(), top.flatten())[0].view(-1, rerank)
    ranked = similarity - 1000
    ranked.scatter_(1, top, pair + similarity.gather(1, top))
    report["reranked_i2t"] = recalls(ranked, owner)["i2t"]
    generator = torch.Generator().manual_seed(1)
    other = (owner.cpu() + torch.randint(1, len(split.names), (len(texts),), generator=generator)) % len(split.names)
    report["itm_auc"] = auc(match_logits(owner, every)[1], match_logits(other.to(device), every)[1])
    if captions:
        texts_out = [tokenizer.decode(row) for chunk in features.split(250) for row in beam_captions(model, chunk)]
        report["bleu4"] = bleu4(texts_out, split.raw_captions)
        report["cider_d"] = cider_d(texts_out, split.raw_captions)
        report["samples"] = texts_out[:6]
    return report


def show(report: dict) -> str:
    def line(values):
        return " ".join(f"{v:.1f}" for v in values)

    text = (
        f"t2i itc {line(report['itc']['t2i'])} | re-ranked {line(report['reranked_t2i'])} || "
        f"i2t itc {line(report['itc']['i2t'])} | re-ranked {line(report['reranked_i2t'])} || "
        f"auc {report['itm_auc']:.4f}"
    )
    if "bleu4" in report:
        text += f" || bleu {report['bleu4']:.2f} cider {report['cider_d']:.3f}"
    return text
