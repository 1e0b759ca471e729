"""Random BLIP models of any shape, and what transformers makes of photos and texts with them.

Imported by tiny.py and full_size.py. Needs torch, transformers, safetensors, pillow and numpy.
"""

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipForImageTextRetrieval,
    BlipImageProcessor,
)

PHOTO_MEAN = (0.48145466, 0.4578275, 0.40821073)
PHOTO_STD = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class Shape:
    """Sizes of one model; `image_size` is the side of the position grid times `patch_size`."""

    image_size: int
    patch_size: int
    vision_width: int
    vision_layers: int
    vision_heads: int
    vision_inner: int
    text_width: int
    text_layers: int
    text_heads: int
    text_inner: int
    projection: int
    positions: int = 512
    vision_eps: float = 1e-5
    text_eps: float = 1e-12

    def config(self, tokenizer):
        """The BlipConfig; `eos_token_id` stays 2 as in the released files, though captions end with [SEP]."""
        words = len(tokenizer.get_vocab())
        return BlipConfig(
            vision_config=dict(
                image_size=self.image_size, patch_size=self.patch_size, hidden_size=self.vision_width,
                num_hidden_layers=self.vision_layers, num_attention_heads=self.vision_heads,
                intermediate_size=self.vision_inner, layer_norm_eps=self.vision_eps, projection_dim=self.projection),
            text_config=dict(
                vocab_size=words + 2, hidden_size=self.text_width, encoder_hidden_size=self.vision_width,
                num_hidden_layers=self.text_layers, num_attention_heads=self.text_heads,
                intermediate_size=self.text_inner, layer_norm_eps=self.text_eps, projection_dim=self.projection,
                max_position_embeddings=self.positions, bos_token_id=words, pad_token_id=tokenizer.pad_token_id,
                sep_token_id=tokenizer.sep_token_id, eos_token_id=2),
            image_text_hidden_size=self.projection,
            projection_dim=self.projection,
        )


def randomise(model, seed, end_bias):
    """Fills a model so that it behaves like a trained one in scale: attention that looks at some tokens more than
    at others, a residual stream that stays within an order of magnitude, logits some units apart.

    Weights of a layer have variance gain^2 / inputs. The gain is above 1 for queries and keys, so that attention
    chooses; below 1, and less with depth, where the text's attention adds to its stream, so that tokens are not
    drowned out by what all of them see, and where a layer adds to the image encoder's stream; and 1 elsewhere.
    `end_bias` is added to the logit of [SEP], so that captions end at different lengths.
    """
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor, deviation, mean=0.0):
        tensor.copy_(torch.empty(tensor.shape).normal_(mean, deviation, generator=generator))

    config = model.config
    depth = math.sqrt(2 * config.vision_config.num_hidden_layers)
    attention = 2.1 / max(3, config.text_config.num_hidden_layers)
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            inputs = tensor[0].numel()
            if re.search(r"(norm\w*|LayerNorm)\.weight$", name):
                normal(tensor, 0.2, mean=1.0)
            elif name.endswith("bias"):
                normal(tensor, 0.2)
            elif re.search(r"(class|position)_embedding$", name):
                normal(tensor, 0.5)
            elif name.endswith("position_embeddings.weight"):
                # As large as those of the words: else a random decoder repeats itself.
                normal(tensor, 2.5 / math.sqrt(inputs))
            elif "word_embeddings" in name:
                normal(tensor, 2.5 / math.sqrt(inputs))
            elif re.search(r"self\.(query|key)\.weight$", name):
                normal(tensor, 2 / math.sqrt(inputs))
            elif name.endswith("qkv.weight"):
                normal(tensor, 1 / math.sqrt(inputs))
                tensor[: 2 * inputs] *= 1.6
            elif name.endswith("attention.output.dense.weight"):
                normal(tensor, attention / math.sqrt(inputs))
            elif re.search(r"self_attn\.projection\.weight$|mlp\.fc2\.weight$", name):
                normal(tensor, 4 / depth / math.sqrt(inputs))
            elif name.endswith("itm_head.weight"):
                normal(tensor, 2 / math.sqrt(inputs))
            else:
                normal(tensor, 1 / math.sqrt(inputs))
        if hasattr(model, "text_decoder"):
            model.text_decoder.cls.predictions.bias[config.text_config.sep_token_id] += end_bias
    return model.eval()


def retrieval_model(config, seed):
    return randomise(BlipForImageTextRetrieval(config), seed, 0.0)


def captioning_model(config, seed, end_bias):
    return randomise(BlipForConditionalGeneration(config), seed, end_bias)


def image_processor(side):
    return BlipImageProcessor(size={"height": side, "width": side}, image_mean=PHOTO_MEAN, image_std=PHOTO_STD)


def read_tokenizer(vocabulary):
    """BertTokenizer over a vocab.txt, as BLIP has it before [DEC] and [ENC] are added."""
    return BertTokenizer(str(vocabulary))


@dataclass
class Inputs:
    """What both sides are given: photos of the model's own size, normalised texts, a prompt, decodings."""

    photos: list  # PIL images, RGB, image_size square
    texts: list
    forced: str  # text whose tokens are forced through the decoder
    decodings: list  # as `CaptionOptions` of src/main/med/med-model.ts
    interpolate: bool = False


@dataclass
class Outputs:
    tensors: dict = field(default_factory=dict)
    tokens: list | None = None
    captions: list = field(default_factory=list)
    closest: list = field(default_factory=list)  # `closest_choice` of each decoding


class Reference:
    """Runs transformers on a retrieval model, a captioning model, or both, on one device and in one type."""

    def __init__(self, tokenizer, inputs, retrieval=None, captioning=None, device="cpu", dtype=torch.float32):
        self.tokenizer, self.inputs = tokenizer, inputs
        place = lambda model: None if model is None else model.to(device=device, dtype=dtype)
        self.retrieval, self.captioning = place(retrieval), place(captioning)
        self.device = device
        side = inputs.photos[0].width
        pixels = image_processor(side)(images=inputs.photos, return_tensors="pt")["pixel_values"]
        self.pixels = pixels.to(device=device, dtype=dtype)

    @torch.inference_mode()
    def run(self):
        outputs = Outputs()
        if self.retrieval is not None:
            self.run_retrieval(outputs)
        if self.captioning is not None:
            self.run_captioning(outputs)
        outputs.tensors = {name: t.float().cpu().contiguous() for name, t in outputs.tensors.items()}
        return outputs

    def features(self, model):
        return model.vision_model(self.pixels, interpolate_pos_encoding=self.inputs.interpolate).last_hidden_state

    def run_retrieval(self, outputs):
        model = self.retrieval
        unit = lambda x: torch.nn.functional.normalize(x, dim=-1)
        features = self.features(model)
        batch = self.tokenizer(self.inputs.texts, padding=True, return_tensors="pt").to(self.device)
        ids, mask = batch["input_ids"], batch["attention_mask"]
        words = model.text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        images, texts = unit(model.vision_proj(features[:, 0])), unit(model.text_proj(words[:, 0]))
        outputs.tensors |= {"image_features": features, "image_embeddings": images, "text_embeddings": texts,
                            "cosines": images @ texts.T}
        # Every photo with every text, a photo's texts in a row.
        photos, count = len(features), len(ids)
        seen = features.repeat_interleave(count, dim=0)
        pairs, pair_mask = ids.repeat(photos, 1), mask.repeat(photos, 1)
        for name, first in (("itm_enc", model.config.text_config.bos_token_id + 1), ("itm_cls", None)):
            given = pairs.clone()
            if first is not None:
                given[:, 0] = first
            hidden = model.text_encoder(input_ids=given, attention_mask=pair_mask, encoder_hidden_states=seen,
                                        encoder_attention_mask=torch.ones(seen.shape[:2], device=self.device))
            outputs.tensors[name] = model.itm_head(hidden.last_hidden_state[:, 0])

    def run_captioning(self, outputs):
        model = self.captioning
        features = self.features(model)
        outputs.tensors.setdefault("image_features", features)
        photos = len(features)
        forced = torch.tensor([self.start(self.inputs.forced)] * photos, device=self.device)
        outputs.tokens = forced[0].tolist()
        outputs.tensors["lm_logits"] = model.text_decoder(input_ids=forced, encoder_hidden_states=features).logits
        for decoding in self.inputs.decodings:
            tokens, closest = self.captions(decoding, photos)
            outputs.captions.append({**decoding, "tokens": tokens})
            outputs.closest.append(closest)

    def start(self, text):
        """[DEC] and the tokens of a prompt."""
        return [self.captioning.config.text_config.bos_token_id, *self.tokenizer.encode(text, add_special_tokens=False)]

    def captions(self, decoding, photos):
        """Generated tokens of each photo, without prompt, [SEP] and padding, and the closest choice made."""
        start, sep = self.start(decoding["prompt"]), self.tokenizer.sep_token_id
        beams = decoding.get("beams", 1)
        # generate() drops the last token of what it is given, the [SEP] a tokenizer ends with.
        given = torch.tensor([[*start, sep]] * photos, device=self.device)
        made = self.captioning.generate(
            pixel_values=self.pixels, input_ids=given, attention_mask=torch.ones_like(given),
            interpolate_pos_encoding=self.inputs.interpolate, do_sample=False, num_beams=beams,
            num_return_sequences=beams, min_length=decoding["minLength"], max_length=decoding["maxLength"],
            repetition_penalty=decoding["repetitionPenalty"], return_dict_in_generate=True, output_scores=True)
        ends = (row[len(start):].tolist() for row in made.sequences[::beams])
        tokens = [row[: row.index(sep)] if sep in row else row for row in ends]
        closest = closest_choice(made.scores, beams, sep)
        if beams > 1:
            best, second = made.sequences_scores.view(photos, beams)[:, :2].unbind(dim=1)
            closest = min(closest, (best - second).min().item())
        return tokens, closest


def closest_choice(scores, beams, sep):
    """The smallest difference that decided a search: between the least candidate kept and the best one dropped, by
    sum of log probabilities, over all rounds and photos. `scores` are each round's, [photos x beams, words]."""
    smallest = math.inf
    running = torch.full((len(scores[0]) // beams, beams), -math.inf, device=scores[0].device)
    running[:, 0] = 0
    for round_scores in scores:
        words = round_scores.shape[-1]
        candidates = (round_scores.view(-1, beams, words) + running[..., None]).flatten(1)
        best, at = candidates.topk(2 * beams + 1)
        ended = at % words == sep
        going = best.masked_fill(ended, -math.inf).sort(descending=True).values
        # A caption ends if [SEP] is among the best; the search goes on with the best of the others.
        gaps = torch.stack([ranked[:, beams - 1] - ranked[:, beams] for ranked in (best, going)])
        smallest = min([smallest, *gaps[gaps.isfinite()].tolist()])
        running = going[:, :beams].masked_fill(ended[:, :beams].all(dim=1, keepdim=True), -math.inf)
    return smallest


def errors(actual, expected):
    """Largest absolute error, the same over the largest expected value, and root mean square over that of the
    expected values: the measures of src/main/evaluation/parity.ts."""
    difference = (actual.double() - expected.double()).abs()
    worst, scale = difference.max().item(), expected.abs().max().item()
    mean_square = lambda x: x.double().square().mean().sqrt().item()
    return {"maxAbs": worst, "maxRelative": worst / scale, "rms": mean_square(difference) / mean_square(expected)}


def errors_of(actual, expected):
    """How far one run strays from another, output by output, and whether it says the same."""
    return {
        "outputs": {name: errors(actual.tensors[name], tensor) for name, tensor in expected.tensors.items()},
        "sequencesIdentical": [a["tokens"] == b["tokens"] for a, b in zip(actual.captions, expected.captions)],
    }


def lack_of_variety(outputs):
    """Why a broken model could meet this reference, or None: outputs must be finite and differ from photo to photo,
    captions differ among photos and not say the same word again and again, and some end before they are cut."""
    for output, tensor in outputs.tensors.items():
        if not tensor.isfinite().all():
            return f"{output} is not finite"
        spread = (tensor.std(dim=0).mean() / tensor.std()).item()
        if spread < 0.02:
            return f"{output} hardly depends on the photo ({spread:.4f})"
    lengths = set()
    for case in outputs.captions:
        rows = case["tokens"]
        lengths |= {len(row) for row in rows}
        words = sum(len(set(row)) for row in rows) / sum(len(row) for row in rows)
        if len({tuple(row) for row in rows}) < len(rows) or words < 0.3:
            return f"captions are too alike: {rows}"
    # Cuts alone make two lengths, with a prompt and without.
    return f"all captions have {lengths} tokens" if outputs.captions and len(lengths) < 3 else None


def write_reference(folder, inputs, outputs, yardstick=None):
    """Writes FOLDER/reference: photos, reference.json and outputs.safetensors."""
    target = Path(folder) / "reference"
    target.mkdir(parents=True, exist_ok=True)
    names = [f"photo-{i}.png" for i in range(len(inputs.photos))]
    for name, photo in zip(names, inputs.photos):
        photo.save(target / name, optimize=True)
    save_file(outputs.tensors, target / "outputs.safetensors")
    document = {
        "by": f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, f32",
        "photos": names, "texts": inputs.texts, "tokens": outputs.tokens, "captions": outputs.captions,
        "yardstick": yardstick,
    }
    (target / "reference.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_tokenizer_and_processor(folder, vocabulary, side):
    """The files beside the weights of an official download that Medley reads."""
    (Path(folder) / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    image_processor(side).save_pretrained(folder)


def patterned_photo(side, seed):
    """A picture with large and small structure, unlike those of other seeds."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    picture = np.zeros((side, side, 3))
    for _ in range(6):
        waves, phase, colour = rng.normal(0, 9, 2), rng.uniform(0, 6.3), rng.normal(0, 45, 3)
        picture += np.sin(waves[0] * x + waves[1] * y + phase)[..., None] * colour
    levels = (picture + rng.uniform(70, 190, 3)).round(-1)
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))
