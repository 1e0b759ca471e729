"""Steps of training on PyTorch beside those of `medley bench --train`: same parts, batch and caption, JSON on stdout.

    python pytorch_train.py FOLDER [--starter] [--device cuda|cpu] [--dtype bf16|f32] [--seconds 3] [--batch 32]
                            [--trainable lora text] [--objectives captioning retrieval]

FOLDER is a BLIP checkpoint in the layout of Hugging Face, or with --starter one of `tools/starter` (captioning
alone). The image encoder is frozen and its features lie on the device. A step is the losses, their gradients, their
clipping and AdamW; of retrieval ITC with momentum encoder and queue, and ITM of three pairs a photo. The figure is
that of the median step after three to warm up. bf16 is autocast over f32 parameters. Needs torch, transformers and
safetensors.
"""

import argparse
import copy
import json
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

CAPTION = "two people walk a brown dog along a sandy beach"
QUEUE, SMOOTHING, RANK, ALPHA, TEMPERATURE = 57600, 0.1, 8, 16, 0.07


class Lora(nn.Module):
    """W x + alpha / rank B A x, W frozen (Hu et al. 2022)."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features, device=linear.weight.device) * 0.02)
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK, device=linear.weight.device))

    def forward(self, x):
        return self.linear(x) + ALPHA / RANK * F.linear(F.linear(x, self.a), self.b)


def adapt(module, trainable):
    """Makes a text stack trainable as a whole, or by low-rank changes of its attention and feed-forward layers."""
    module.requires_grad_(trainable == "text")
    if trainable == "text":
        return
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear) and name in ("query", "key", "value", "dense"):
                setattr(parent, name, Lora(child))


def captioning_of(folder, trainable, batch, device):
    """BLIP's decoder and LM head of Hugging Face."""
    from transformers import BertTokenizer, BlipForConditionalGeneration

    model = BlipForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).to(device)
    text = model.config.text_config
    words = BertTokenizer(str(folder / "vocab.txt")).encode(CAPTION, add_special_tokens=False)
    ids = torch.tensor([[text.bos_token_id, *words, text.sep_token_id]] * batch, device=device)
    features = features_of(model.vision_model, model.config.vision_config.image_size, batch, device)
    seen = torch.ones(features.shape[:2], dtype=torch.long, device=device)
    decoder = model.text_decoder
    adapt(decoder, trainable)

    def loss():
        logits = decoder(input_ids=ids[:, :-1], attention_mask=torch.ones_like(ids[:, :-1]),
                         encoder_hidden_states=features, encoder_attention_mask=seen).logits
        return F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), label_smoothing=SMOOTHING)

    return decoder, loss, lambda: None


def retrieval_of(folder, trainable, batch, device):
    """BLIP's text encoder with ITC and ITM, of Hugging Face."""
    from transformers import BertTokenizer, BlipForImageTextRetrieval

    model = BlipForImageTextRetrieval.from_pretrained(folder, dtype=torch.float32).to(device)
    ids = torch.tensor([BertTokenizer(str(folder / "vocab.txt")).encode(CAPTION)] * batch, device=device)
    features = features_of(model.vision_model, model.config.vision_config.image_size, batch, device)
    trained = nn.ModuleDict({"text": model.text_encoder, "words": model.text_proj, "itm": model.itm_head,
                             "photos": model.vision_proj})
    adapt(trained["text"], trainable)
    momentum = copy.deepcopy(trained).requires_grad_(False)
    unit = lambda x: F.normalize(x.float(), dim=-1)
    queue = unit(torch.randn(2, QUEUE, model.text_proj.out_features, device=device))

    def encode(of, rows, patches=None):
        mask = torch.ones_like(rows)
        seen = None if patches is None else torch.ones(patches.shape[:2], dtype=torch.long, device=device)
        return of["text"](input_ids=rows, attention_mask=mask, encoder_hidden_states=patches,
                          encoder_attention_mask=seen).last_hidden_state[:, 0]

    def loss():
        image, text = unit(trained["photos"](features[:, 0])), unit(trained["words"](encode(trained, ids)))
        with torch.no_grad():
            late = (unit(momentum["photos"](features[:, 0])), unit(momentum["words"](encode(momentum, ids))))
        total = 0.0
        for own, other in ((image, 1), (text, 0)):
            candidates = torch.cat([late[other], queue[other]])
            scores = own @ candidates.T / TEMPERATURE
            soft = 0.4 * (late[1 - other] @ candidates.T / TEMPERATURE).softmax(-1)
            soft[:, :batch] += 0.6 * torch.eye(batch, device=device)
            total = total - (soft * scores.log_softmax(-1)).sum(-1).mean() / 2
        shuffled = torch.randperm(batch, device=device)
        pairs = encode(trained, torch.cat([ids, ids, ids]), torch.cat([features, features[shuffled], features]))
        labels = (torch.arange(3 * batch, device=device) < batch).long()
        return total + F.cross_entropy(trained["itm"](pairs).float(), labels)

    @torch.no_grad()
    def after():
        torch._foreach_lerp_(list(momentum.parameters()), list(trained.parameters()), 0.005)

    return trained, loss, after


def starter_of(folder, trainable, batch, device):
    """The decoder of the starter, by its own Python model."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "starter"))
    from data import Tokenizer
    from model import DEC, SEP, load_checkpoint

    model, vocabulary = load_checkpoint(str(folder))
    model = model.to(device)
    encoded = Tokenizer(vocabulary).encode([CAPTION], 28)[0]
    words = encoded[1 : encoded.tolist().index(SEP)].tolist()
    ids = torch.tensor([[DEC, *words, SEP]] * batch, device=device)
    features = features_of(lambda x: model.vision_model(x), model.config.vision.image_size, batch, device)
    model.requires_grad_(False)
    adapt(model.text_encoder, trainable)
    adapt(model.text_decoder, trainable)

    def loss():
        logits = model.words(model.text_encoder(ids[:, :-1], features, causal=True))
        return F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), label_smoothing=SMOOTHING)

    return model, loss, lambda: None


@torch.no_grad()
def features_of(encoder, side, batch, device):
    noise = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(1)).to(device)
    found = encoder(noise)
    found = getattr(found, "last_hidden_state", found)
    return found.expand(batch, -1, -1).contiguous()


def measure(make, arguments, trainable, dtype):
    module, loss, after = make(arguments.folder, trainable, arguments.batch, arguments.device)
    module.train(False)
    trained = [p for p in module.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-5, weight_decay=0.05, fused=arguments.device == "cuda")
    if arguments.device == "cuda":
        torch.cuda.reset_peak_memory_stats()

    def step():
        with torch.autocast(arguments.device, dtype=torch.bfloat16, enabled=dtype == "bf16"):
            value = loss()
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        after()
        return value.item()

    times, end = [], None
    while end is None or len(times) < 6 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
        if len(times) == 3:
            end = time.perf_counter() + arguments.seconds
    peak = torch.cuda.max_memory_allocated() if arguments.device == "cuda" else None
    return {"milliseconds": 1000 * statistics.median(times[3:]), "gpuBytes": peak,
            "trained": sum(p.numel() for p in trained)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--starter", action="store_true")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--dtype", nargs="+", default=["bf16", "f32"])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--trainable", nargs="+", default=["lora", "text"])
    parser.add_argument("--objectives", nargs="+", default=["captioning"])
    arguments = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = True
    makers = {"captioning": starter_of if arguments.starter else captioning_of, "retrieval": retrieval_of}
    for objective in arguments.objectives:
        for trainable in arguments.trainable:
            for dtype in arguments.dtype:
                figures = measure(makers[objective], arguments, trainable, dtype)
                print(json.dumps({"objective": objective, "trainable": trainable, "dtype": dtype,
                                  "batch": arguments.batch, **figures}), flush=True)


if __name__ == "__main__":
    main()
