"""The starter model: a small BLIP (one Multimodal mixture of Encoder-Decoder) that ships with Medley.

Image side: the feature layers of a mobile network as a convolutional stem ("hybrid ViT"), whose last
maps become tokens, a [CLS] token and a few pre-LN transformer layers. Text side: one BERT-style
stack with cross-attention; its three modes share every weight, or all but the self-attention of the
decoder. Module names follow the Hugging Face layout of BLIP, so that one reader serves both.

    python tools/starter/model.py --random FOLDER [--tiny]

writes a checkpoint folder with random weights, for tests.
"""

import argparse
import json
import math
import os
from dataclasses import asdict, dataclass, field

import torch
import torch.nn.functional as F
from torch import nn

SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[DEC]", "[ENC]"]
PAD, UNK, CLS, SEP, DEC, ENC = range(6)

@dataclass(frozen=True)
class Block:
    """An inverted residual."""

    expansion: int
    channels: int
    stride: int = 1
    kernel: int = 3


def stage(count: int, expansion: int, channels: int, stride: int, kernel: int = 3) -> list:
    """Blocks of one shape; only the first of them strides."""
    return [Block(expansion, channels, stride if index == 0 else 1, kernel) for index in range(count)]


# The blocks of each stem, between a first convolution of 32 channels, stride 2, and a last one of 1280.
STEMS = {
    "mobilenet_v2": [
        *stage(1, 1, 16, 1), *stage(2, 6, 24, 2), *stage(3, 6, 32, 2), *stage(4, 6, 64, 2),
        *stage(3, 6, 96, 1), *stage(3, 6, 160, 2), *stage(1, 6, 320, 1),
    ],
    "efficientnet_lite2": [
        *stage(1, 1, 16, 1), *stage(3, 6, 24, 2), *stage(3, 6, 48, 2, 5), *stage(4, 6, 88, 2),
        *stage(4, 6, 120, 1, 5), *stage(5, 6, 208, 2, 5), *stage(1, 6, 352, 1),
    ],
}


@dataclass
class VisionConfig:
    stem: str = "efficientnet_lite2"
    # Stem features that become tokens: the last map, and earlier maps folded to its size by
    # space-to-depth, concatenated in network order.
    stem_taps: list = field(default_factory=lambda: [15, 22])
    image_size: int = 224
    hidden_size: int = 384
    num_hidden_layers: int = 4
    num_attention_heads: int = 6
    intermediate_size: int = 1536
    layer_norm_eps: float = 1e-6
    image_mean: list = field(default_factory=lambda: [0.5, 0.5, 0.5])
    image_std: list = field(default_factory=lambda: [0.5, 0.5, 0.5])


@dataclass
class TextConfig:
    vocab_size: int = 4000
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 1536
    layer_norm_eps: float = 1e-12
    max_position_embeddings: int = 28


@dataclass
class Config:
    vision: VisionConfig = field(default_factory=VisionConfig)
    text: TextConfig = field(default_factory=TextConfig)
    projection_size: int = 256
    share: str = "all"  # or "all-but-self-attention"
    cosine_weight: float = 1.0  # of the cosine beside the match logit in the order of results
    # Training only.
    dropout: float = 0.1
    drop_path: float = 0.1

    def checkpoint(self) -> dict:
        """What `config.json` of the checkpoint folder holds."""
        return {
            "model_type": "medley",
            "name": "starter",
            "share": self.share,
            "projection_size": self.projection_size,
            "vision_config": asdict(self.vision),
            "text_config": asdict(self.text),
            "generation": {
                "prompt": "",
                "num_beams": 3,
                "min_length": 5,
                "max_length": 20,
                "repetition_penalty": 1.0,
            },
            "ranking": {"cosine_weight": self.cosine_weight},
        }


class Conv(nn.Module):
    """A convolution with batch norm already folded in, padded as TensorFlow's SAME does."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int = 1):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs // groups, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.kaiming_normal_(self.weight, mode="fan_out")
        self.stride, self.groups = stride, groups
        # Stride 2 on an even input pads right and bottom by one more than left and top.
        self.before, self.after = (kernel - stride) // 2, kernel // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pad = self.after
        if self.before != self.after:
            x, pad = F.pad(x, (self.before, self.after) * 2), 0
        return F.conv2d(x, self.weight, self.bias, self.stride, pad, 1, self.groups)


class InvertedResidual(nn.Module):
    def __init__(self, inputs: int, block: Block):
        super().__init__()
        hidden = inputs * block.expansion
        self.expand = Conv(inputs, hidden, 1, 1) if block.expansion > 1 else None
        self.depthwise = Conv(hidden, hidden, block.kernel, block.stride, groups=hidden)
        self.project = Conv(hidden, block.channels, 1, 1)
        self.residual = block.stride == 1 and inputs == block.channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.residual else y


class Stem(nn.Module):
    """A mobile network as far as its last tap; returns the tapped maps, folded to 1/32."""

    def __init__(self, stem: str, taps: list):
        super().__init__()
        blocks = STEMS[stem]
        self.last = len(blocks) + 1
        layers, channels = [Conv(3, 32, 3, 2)], 32
        scale, self.width = 2, 0
        self.folds = {}
        for index, block in enumerate(blocks[: max(taps)], start=1):
            layers.append(InvertedResidual(channels, block))
            channels, scale = block.channels, scale * block.stride
            if index in taps:
                self.folds[index] = 32 // scale
                self.width += channels * (32 // scale) ** 2
        if self.last in taps:
            layers.append(Conv(channels, 1280, 1, 1))
            self.folds[self.last] = 1
            self.width += 1280
        self.features = nn.ModuleList(layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """f32 [B, 3, S, S] -> [B, (S/32)^2, width]"""
        maps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in (0, self.last):
                x = F.relu6(x)
            if index in self.folds:
                # Channel c of the fold's row y and column x lands at (c * fold + y) * fold + x.
                maps.append(F.pixel_unshuffle(x, self.folds[index]))
        return torch.cat(maps, dim=1).flatten(2).transpose(1, 2)


class DropPath(nn.Module):
    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        keep = torch.rand(x.shape[0], 1, 1, device=x.device) >= self.rate
        return x * keep / (1 - self.rate)


def heads_of(x: torch.Tensor, heads: int) -> torch.Tensor:
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


class VisionAttention(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.heads = config.num_attention_heads
        self.qkv = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.projection = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = (heads_of(part, self.heads) for part in self.qkv(x).chunk(3, dim=-1))
        return self.projection(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class VisionMlp(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class VisionLayer(nn.Module):
    def __init__(self, config: VisionConfig, dropout: float, drop_path: float):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.self_attn = VisionAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.mlp = VisionMlp(config)
        self.dropout, self.drop_path = nn.Dropout(dropout), DropPath(drop_path)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.drop_path(self.dropout(self.self_attn(self.layer_norm1(x))))
        return x + self.drop_path(self.dropout(self.mlp(self.layer_norm2(x))))


class VisionEmbeddings(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        tokens = (config.image_size // 32) ** 2
        self.stem = Stem(config.stem, config.stem_taps)
        self.projection = nn.Linear(self.stem.width, config.hidden_size)
        self.class_embedding = nn.Parameter(torch.randn(1, 1, config.hidden_size) * 0.02)
        self.position_embedding = nn.Parameter(torch.randn(1, tokens + 1, config.hidden_size) * 0.02)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.projection(self.stem(pixels))
        x = torch.cat([self.class_embedding.to(x.dtype).expand(len(x), -1, -1), x], dim=1)
        return x + self.position_embedding


class VisionEncoder(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        v = config.vision
        self.layers = nn.ModuleList(
            VisionLayer(v, config.dropout, config.drop_path * i / max(1, v.num_hidden_layers - 1))
            for i in range(v.num_hidden_layers)
        )


class VisionModel(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.embeddings = VisionEmbeddings(config.vision)
        self.encoder = VisionEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.vision.hidden_size, config.vision.layer_norm_eps)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """[B, 3, S, S] -> patch features [B, 1 + tokens, hidden], [CLS] first"""
        x = self.embeddings(pixels)
        for layer in self.encoder.layers:
            x = layer(x)
        return self.post_layernorm(x)


class TextEmbeddings(nn.Module):
    def __init__(self, config: TextConfig, dropout: float):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: torch.Tensor, first: int = 0) -> torch.Tensor:
        """ids [B, T], the first of them at this position -> [B, T, hidden]"""
        positions = torch.arange(first, first + ids.shape[1], device=ids.device)
        return self.dropout(
            self.LayerNorm(self.word_embeddings(ids) + self.position_embeddings(positions))
        )


class QueryKeyValue(nn.Module):
    def __init__(self, width: int, context: int):
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(context, width)
        self.value = nn.Linear(context, width)


class AddAndNorm(nn.Module):
    def __init__(self, inputs: int, width: int, eps: float):
        super().__init__()
        self.dense = nn.Linear(inputs, width)
        self.LayerNorm = nn.LayerNorm(width, eps)


class TextAttention(nn.Module):
    def __init__(self, config: TextConfig, context: int, dropout: float):
        super().__init__()
        self.heads = config.num_attention_heads
        self.self = QueryKeyValue(config.hidden_size, context)
        self.output = AddAndNorm(config.hidden_size, config.hidden_size, config.layer_norm_eps)
        self.dropout = nn.Dropout(dropout)

    def keys_values(self, context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[B, N, D] -> each [B, heads, N, width of a head]"""
        return heads_of(self.self.key(context), self.heads), heads_of(self.self.value(context), self.heads)

    def attend(self, x, keys, values, mask=None):
        q = heads_of(self.self.query(x), self.heads)
        y = F.scaled_dot_product_attention(q, keys, values, attn_mask=mask).transpose(1, 2).flatten(2)
        return self.output.LayerNorm(x + self.dropout(self.output.dense(y)))


class Intermediate(nn.Module):
    def __init__(self, config: TextConfig):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)


class TextLayer(nn.Module):
    def __init__(self, config: TextConfig, image_width: int, dropout: float):
        super().__init__()
        self.attention = TextAttention(config, config.hidden_size, dropout)
        self.crossattention = TextAttention(config, image_width, dropout)
        self.intermediate = Intermediate(config)
        self.output = AddAndNorm(config.intermediate_size, config.hidden_size, config.layer_norm_eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask, image, attention=None):
        attention = self.attention if attention is None else attention
        x = attention.attend(x, *attention.keys_values(x), mask)
        return self.after_attention(x, None if image is None else self.crossattention.keys_values(image))

    def after_attention(self, x, photo):
        """x [B, T, hidden], and keys and values of the photos: as many of them as texts, or one for several
        texts in a row."""
        if photo is not None:
            looking = x.reshape(len(photo[0]), -1, x.shape[-1])
            x = self.crossattention.attend(looking, *photo).view_as(x)
        y = self.output.dense(F.gelu(self.intermediate.dense(x)))
        return self.output.LayerNorm(x + self.dropout(y))


class TextEncoder(nn.Module):
    def __init__(self, config: TextConfig, image_width: int, dropout: float):
        super().__init__()
        self.embeddings = TextEmbeddings(config, dropout)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(
            TextLayer(config, image_width, dropout) for _ in range(config.num_hidden_layers)
        )
        # The decoder's own self-attention, where it has one; its parameters belong to the decoder.
        self.causal_attention = [None] * config.num_hidden_layers

    def forward(self, ids, image=None, causal=False):
        """ids [B, T] (and image [B, N, D] for the grounded modes, or one image for several texts in a row)
        -> [B, T, hidden]"""
        mask = (ids != PAD)[:, None, None, :]
        if causal:
            mask = mask & torch.ones(ids.shape[1], ids.shape[1], dtype=torch.bool, device=ids.device).tril()
        x = self.embeddings(ids)
        for layer, own in zip(self.encoder.layer, self.causal_attention):
            x = layer(x, mask, image, own if causal else None)
        return x


class LmHead(nn.Module):
    def __init__(self, config: TextConfig):
        super().__init__()
        self.transform = nn.Module()
        self.transform.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.transform.LayerNorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, x, word_embeddings):
        x = self.transform.LayerNorm(F.gelu(self.transform.dense(x)))
        return F.linear(x, word_embeddings, self.bias)


def own_attention(config: Config) -> nn.Module:
    """The self-attention that the decoder has for itself, under the names of a BERT."""
    bert = nn.Module()
    bert.encoder = nn.Module()
    bert.encoder.layer = nn.ModuleList(nn.Module() for _ in range(config.text.num_hidden_layers))
    for layer in bert.encoder.layer:
        layer.attention = TextAttention(config.text, config.text.hidden_size, config.dropout)
    return bert


class StarterModel(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        width, image_width = config.text.hidden_size, config.vision.hidden_size
        self.vision_model = VisionModel(config)
        self.text_encoder = TextEncoder(config.text, image_width, config.dropout)
        self.text_decoder = nn.Module()
        if config.share == "all-but-self-attention":
            self.text_decoder.bert = own_attention(config)
            layers = self.text_decoder.bert.encoder.layer
            self.text_encoder.causal_attention = [layer.attention for layer in layers]
        self.text_decoder.cls = nn.Module()
        self.text_decoder.cls.predictions = LmHead(config.text)
        self.vision_proj = nn.Linear(image_width, config.projection_size)
        self.text_proj = nn.Linear(width, config.projection_size)
        self.itm_head = nn.Linear(width, 2)
        self.temp = nn.Parameter(torch.tensor(0.07))
        for name, module in self.named_modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
                if isinstance(module, nn.Linear):
                    nn.init.zeros_(module.bias)

    def encode_images(self, pixels):
        """[B, 3, S, S] -> patch features [B, N, D] and unit embeddings [B, projection]"""
        features = self.vision_model(pixels)
        return features, F.normalize(self.vision_proj(features[:, 0]).float(), dim=-1)

    def encode_texts(self, ids):
        """ids [B, T], [CLS] first -> unit embeddings [B, projection]"""
        return F.normalize(self.text_proj(self.text_encoder(ids)[:, 0]).float(), dim=-1)

    def match(self, ids, image):
        """ids [B, T] (its first token is replaced by [ENC]), image [B, N, D] -> ITM logits [B, 2]"""
        ids = torch.cat([torch.full_like(ids[:, :1], ENC), ids[:, 1:]], dim=1)
        return self.itm_head(self.text_encoder(ids, image)[:, 0]).float()

    def decode(self, ids, image):
        """ids [B, T], [DEC] first, image [B, N, D] -> next-token logits [B, T, vocabulary]"""
        return self.words(self.text_encoder(ids, image, causal=True))

    def words(self, hidden):
        """hidden [..., hidden] -> logits of the words [..., vocabulary]"""
        weight = self.text_encoder.embeddings.word_embeddings.weight
        return self.text_decoder.cls.predictions(hidden, weight)

    @torch.no_grad()
    def greedy(self, image, max_length=30, min_length=5):
        """image [B, N, D] -> token ids of the caption of each photo, without specials"""
        ids = torch.full((len(image), 1), DEC, device=image.device)
        done = torch.zeros(len(image), dtype=torch.bool, device=image.device)
        while ids.shape[1] < max_length and not done.all():
            logits = self.decode(ids, image)[:, -1].float()
            if ids.shape[1] < min_length:
                logits[:, SEP] = -math.inf
            step = torch.where(done, PAD, logits.argmax(-1))
            done |= step == SEP
            ids = torch.cat([ids, step[:, None]], dim=1)
        return [[t for t in row if t >= len(SPECIAL_TOKENS)] for row in ids[:, 1:].tolist()]


def save_checkpoint(model: StarterModel, vocabulary: list, folder: str) -> None:
    """Writes config.json, model.safetensors (f16) and vocab.txt."""
    from safetensors.torch import save_file

    os.makedirs(folder, exist_ok=True)
    tensors = {k: v.detach().half().contiguous().cpu() for k, v in model.state_dict().items()}
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    with open(os.path.join(folder, "config.json"), "w") as f:
        json.dump(model.config.checkpoint(), f, indent=2)
        f.write("\n")
    with open(os.path.join(folder, "vocab.txt"), "w") as f:
        f.write("\n".join(vocabulary) + "\n")


def load_checkpoint(folder: str) -> tuple[StarterModel, list]:
    """Reads a checkpoint folder: the f16 weights as f32, and the vocabulary."""
    from safetensors.torch import load_file

    with open(os.path.join(folder, "config.json")) as f:
        raw = json.load(f)
    config = Config(
        VisionConfig(**raw["vision_config"]),
        TextConfig(**raw["text_config"]),
        raw["projection_size"],
        raw["share"],
        raw.get("ranking", {}).get("cosine_weight", 1.0),
    )
    model = StarterModel(config)
    tensors = load_file(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({k: v.float() for k, v in tensors.items()})
    with open(os.path.join(folder, "vocab.txt")) as f:
        return model.eval(), f.read().splitlines()


TINY_TAPS = {"mobilenet_v2": [3, 6], "efficientnet_lite2": [5, 7]}


def tiny_config(stem: str = "mobilenet_v2") -> Config:
    """Small enough for a test fixture, with every part of the real one; the two stems also stand
    for the two ways of sharing."""
    return Config(
        VisionConfig(
            stem=stem, stem_taps=TINY_TAPS[stem], image_size=64, hidden_size=32, num_hidden_layers=2,
            num_attention_heads=2, intermediate_size=64,
        ),
        TextConfig(
            vocab_size=200, hidden_size=48, num_hidden_layers=2, num_attention_heads=3,
            intermediate_size=96, max_position_embeddings=24,
        ),
        projection_size=16,
        share="all" if stem == "mobilenet_v2" else "all-but-self-attention",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", required=True, metavar="FOLDER")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    config = tiny_config() if arguments.tiny else Config()
    model = StarterModel(config)
    letters = [f"{a}{b}" for a in "abcdefghijklmnopqrstuvwxyz" for b in "aeiou"]
    pieces = (list("abcdefghijklmnopqrstuvwxyz") + ["##" + c for c in "abcdefghijklmnopqrstuvwxyz"] + letters)
    pieces += [f"word{i}" for i in range(config.text.vocab_size)]
    save_checkpoint(model, (SPECIAL_TOKENS + pieces)[: config.text.vocab_size], arguments.random)
    count = sum(p.numel() for p in model.parameters())
    print(f"{count / 1e6:.2f} M parameters -> {arguments.random}")
