"""The first steps of fine-tuning in PyTorch: the truth for tests/training/curve.test.ts.

    python training_curve.py OUT_FOLDER

Trains the model of tests/fixtures/tiny-lite-model by the starter's own PyTorch code (tools/starter/model.py,
without dropout) on random patch features and captions, by BLIP's recipe as `torch.optim` has it: all of the text
stack by the three losses with momentum encoders, queue and hard negatives; low-rank factors by the LM loss; and both
again with the last block of the image encoder, which takes the features then, by all losses and by LM.
Writes curve.json (settings, batches, negatives drawn, losses and norms of the gradient by step) and
curve.safetensors (features, the factors `A` that it started from). Seeds are fixed. Needs torch, safetensors and
numpy (written with torch 2.15; other versions may change last digits).
"""

import copy
import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools" / "starter"))
from model import CLS, DEC, PAD, SEP, load_checkpoint  # noqa: E402

STEPS, IMAGE_STEPS, BATCH, PHOTOS, TOKENS = 50, 15, 8, 24, 5
RECIPE = {
    "warmUp": 5, "weightDecay": 0.05, "maxNorm": 1.0, "smoothing": 0.1,
    "momentum": 0.9, "queue": 20, "alpha": 0.4, "alphaSteps": 10, "temperature": 0.07,
}
RATES = {"text": 5e-4, "lora": 1e-2}
LORA = {"rank": 2, "alpha": 4.0, "targets": ["self.", "dense"]}


def rate_at(peak, step, steps):
    warm = RECIPE["warmUp"]
    if step < warm:
        return peak * (step + 1) / warm
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm)))


def padded(rows):
    length = max(map(len, rows))
    return torch.tensor([row + [PAD] * (length - len(row)) for row in rows])


class Curve:
    """Batches that both implementations are given."""

    def __init__(self, pieces):
        generator = torch.Generator().manual_seed(1)
        self.generator = generator
        self.features = torch.randn(PHOTOS, TOKENS, 32, generator=generator)
        words = [(i, piece) for i, piece in enumerate(pieces) if len(piece) == 2 and piece.isalpha()]

        def caption():
            count = int(torch.randint(2, 9, (1,), generator=generator))
            chosen = torch.randint(0, 40, (count,), generator=generator)
            return [words[i] for i in chosen.tolist()]

        self.batches = []
        for _ in range(STEPS):
            photos = torch.randint(0, PHOTOS, (BATCH,), generator=generator).tolist()
            self.batches.append([(photo, caption()) for photo in photos])

    def json(self):
        return [[[photo, " ".join(word for _, word in caption)] for photo, caption in batch] for batch in self.batches]


def whole(model, features, blocks):
    """Features that the last blocks of the image encoder are still to come to."""
    if blocks == 0:
        return features
    for layer in model.vision_model.encoder.layers[-blocks:]:
        features = layer(features)
    return model.vision_model.post_layernorm(features)


def lm_loss(model, ids, features):
    full = padded([[DEC, *row, SEP] for row in ids])
    logits = model.decode(full[:, :-1], features)
    targets = full[:, 1:].masked_fill(full[:, 1:] == PAD, -100)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), label_smoothing=RECIPE["smoothing"])


class Matching:
    """ITC with momentum encoders and a queue, and ITM (blip_retrieval.py)."""

    def __init__(self, model, generator, blocks):
        self.blocks = blocks
        self.momentum = copy.deepcopy(model)
        self.generator = generator
        self.images = self.texts = torch.zeros(0, model.config.projection_size)
        self.photos = torch.zeros(0, dtype=torch.long)

    def losses(self, model, photos, ids, features, alpha):
        own = padded([[CLS, *row, SEP] for row in ids])
        first = lambda m: whole(m, features, self.blocks)[:, 0]
        embed = lambda m: (F.normalize(m.vision_proj(first(m)), dim=-1), m.encode_texts(own))
        image, text = embed(model)
        with torch.no_grad():
            image_m, text_m = embed(self.momentum)
            images, texts = torch.cat([image_m, self.images]), torch.cat([text_m, self.texts])
            photos = torch.tensor(photos)
            candidates = torch.cat([photos, self.photos])
            same = (photos[:, None] == candidates[None]).float()
            hard = same / same.sum(1, keepdim=True)
            to_text = alpha * F.softmax(image_m @ texts.T / model.temp, 1) + (1 - alpha) * hard
            to_image = alpha * F.softmax(text_m @ images.T / model.temp, 1) + (1 - alpha) * hard
        i2t = -(F.log_softmax(image @ texts.T / model.temp, 1) * to_text).sum(1).mean()
        t2i = -(F.log_softmax(text @ images.T / model.temp, 1) * to_image).sum(1).mean()
        keep = RECIPE["queue"]
        self.images = torch.cat([self.images, image_m])[-keep:]
        self.texts = torch.cat([self.texts, text_m])[-keep:]
        self.photos = torch.cat([self.photos, photos])[-keep:]
        with torch.no_grad():
            near = image @ text.T / model.temp
            draw = lambda logits: torch.multinomial(
                logits.softmax(1).masked_fill(photos[:, None] == photos[None], 0), 1, generator=self.generator)[:, 0]
            wrong_photo, wrong_text = draw(near.T), draw(near)
        rows = torch.arange(len(ids))
        pairs = [(rows, rows, 1), (rows, wrong_photo, 0), (wrong_text, rows, 0)]
        image = whole(model, features, self.blocks)
        logits = torch.cat([model.match(own[t], image[p]) for t, p, _ in pairs])
        labels = torch.cat([torch.full_like(rows, label) for _, _, label in pairs])
        drawn = [[t, p, label] for ts, ps, label in pairs for t, p in zip(ts.tolist(), ps.tolist())]
        return (i2t + t2i) / 2, F.cross_entropy(logits, labels), drawn

    @torch.no_grad()
    def follow(self, model):
        for mine, new in zip(self.momentum.parameters(), model.parameters()):
            mine.mul_(RECIPE["momentum"]).add_(new, alpha=1 - RECIPE["momentum"])


class Lora(nn.Module):
    def __init__(self, base, start, generator):
        super().__init__()
        self.base = base
        outputs, inputs = base.weight.shape
        if start is None:
            start = (torch.rand(LORA["rank"], inputs, generator=generator) * 2 - 1) / math.sqrt(inputs)
        self.A = nn.Parameter(start.clone())
        self.B = nn.Parameter(torch.zeros(outputs, LORA["rank"]))

    def forward(self, x):
        return self.base(x) + LORA["alpha"] / LORA["rank"] * (x @ self.A.T @ self.B.T)


def with_factors(model, generator, starts={}, image=()):
    """
    Puts factors beside the linear layers of the text stack, and of the image blocks named, and gives what they start
    from by name.
    """
    factors = {}
    for name, module in list(model.named_modules()):
        stack = name.startswith(("text_encoder.", "text_decoder.bert.")) and any(t in name for t in LORA["targets"])
        if isinstance(module, nn.Linear) and (stack or name.startswith(tuple(image))):
            parent = model.get_submodule(name.rpartition(".")[0])
            key = f"{name}.lora_A.weight"
            lora = Lora(module, starts.get(key), generator)
            factors[key] = lora.A.detach().clone()
            setattr(parent, name.rpartition(".")[2], lora)
    return factors


def run(kind, model, curve, trained, steps=STEPS, blocks=0):
    """The losses of every step; `trained` says by name which parameters move."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(trained(name))
    moving = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(moving, lr=1.0, weight_decay=RECIPE["weightDecay"])
    with torch.no_grad():
        model.temp.fill_(RECIPE["temperature"])
    matching = Matching(model, curve.generator, blocks) if kind == "text" else None
    taken = []
    for step, batch in enumerate(curve.batches[:steps]):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(RATES[kind], step, steps)
        photos = [photo for photo, _ in batch]
        ids = [[i for i, _ in caption] for _, caption in batch]
        features = curve.features[photos]
        found = {"lm": lm_loss(model, ids, whole(model, features, blocks))}
        drawn = None
        if matching is not None:
            alpha = RECIPE["alpha"] * min(1, step / RECIPE["alphaSteps"])
            found["itc"], found["itm"], drawn = matching.losses(model, photos, ids, features, alpha)
        optimiser.zero_grad()
        sum(found.values()).backward()
        norm = nn.utils.clip_grad_norm_(moving, RECIPE["maxNorm"])
        optimiser.step()
        with torch.no_grad():
            model.temp.clamp_(0.001, 0.5)
        if matching is not None:
            matching.follow(model)
        taken.append({**{k: v.item() for k, v in found.items()}, "norm": norm.item(), "pairs": drawn})
    return taken


HEADS = ("vision_proj.", "text_proj.", "itm_head.", "text_decoder.cls.")
TEXT = ("text_encoder.", "text_decoder.")
LAST_BLOCK = "vision_model.encoder.layers.1."


def main():
    out = Path(sys.argv[1])
    folder = ROOT / "tests" / "fixtures" / "tiny-lite-model"
    model, pieces = load_checkpoint(str(folder))
    curve = Curve(pieces)
    text = run("text", copy.deepcopy(model), curve,
               lambda name: name == "temp" or name.startswith((*HEADS, *TEXT)))
    adapted = copy.deepcopy(model)
    start = with_factors(adapted, curve.generator)
    is_factor = lambda name: name.startswith(HEADS) or name.endswith((".A", ".B"))
    lora = run("lora", adapted, curve, is_factor)
    image = {"steps": IMAGE_STEPS, "blocks": 1}
    behind = (LAST_BLOCK, "vision_model.post_layernorm.")
    image_text = run("text", copy.deepcopy(model), curve,
                     lambda name: name == "temp" or name.startswith((*HEADS, *TEXT, *behind)), **image)
    adapted = copy.deepcopy(model)
    start = with_factors(adapted, curve.generator, start, [LAST_BLOCK])
    image_lora = run("lora", adapted, curve, is_factor, **image)
    out.mkdir(parents=True, exist_ok=True)
    save_file({"features": curve.features, **start}, out / "curve.safetensors")
    document = {"recipe": RECIPE, "rates": RATES, "lora": LORA, "batches": curve.json(), "text": text, "loraSteps": lora,
                "imageText": image_text, "imageLora": image_lora}
    rounded = json.loads(json.dumps(document), parse_float=lambda text: round(float(text), 7))
    (out / "curve.json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")
    for name, steps in (("text", text), ("lora", lora), ("image text", image_text), ("image lora", image_lora)):
        print(name, {k: v for k, v in steps[0].items() if k != "pairs"}, {k: v for k, v in steps[-1].items() if k != "pairs"})


main()
