"""Where the parts of the model start from: EfficientNet-Lite2 for the stem, all-MiniLM-L6-v2 for the
text stack."""

import os

import torch
from safetensors.torch import load_file

from model import CLS, DEC, ENC, PAD, SEP, SPECIAL_TOKENS, STEMS, UNK, StarterModel

BERT_SPECIAL = {PAD: "[PAD]", UNK: "[UNK]", CLS: "[CLS]", SEP: "[SEP]", DEC: "[CLS]", ENC: "[CLS]"}


def load_stem(model: StarterModel, data: str) -> None:
    """EfficientNet-Lite2 as far as the model's last tap."""
    weights = load_file(os.path.join(data, "efficientnet_lite2", "efficientnet_lite2.f16.safetensors"))
    last = len(STEMS["efficientnet_lite2"]) + 1
    stem = model.vision_model.embeddings.stem
    wanted = stem.state_dict()
    for name, tensor in weights.items():
        head, _, rest = name.partition(".")
        if head == "stem":
            name = f"features.0.{rest}"
        elif head == "head":
            name = f"features.{last}.{rest}"
        elif head == "blocks":
            index, _, rest = rest.partition(".")
            name = f"features.{int(index) + 1}.{rest}"
        if name in wanted:
            wanted[name] = tensor.float()
    stem.load_state_dict(wanted)


@torch.no_grad()
def load_text(model: StarterModel, vocabulary: list, data: str) -> None:
    """MiniLM's layers and embeddings. A piece of our own becomes the mean of its BERT pieces, [DEC]
    and [ENC] start near [CLS]; the decoder's own self-attention, if any, starts the same."""
    from data import bert_pieces, bert_tokenizer

    weights = {
        k: v.float()
        for k, v in load_file(os.path.join(data, "minilm", "all_minilm_l6_v2.f16.safetensors")).items()
    }
    encoder = model.text_encoder
    own = encoder.state_dict()
    for name, tensor in weights.items():
        if name.startswith("encoder.layer.") or name.startswith("embeddings.LayerNorm"):
            own[name].copy_(tensor)
    if model.config.share == "all-but-self-attention":
        for ours, theirs in zip(encoder.causal_attention, encoder.encoder.layer):
            ours.load_state_dict(theirs.attention.state_dict())
    places = own["embeddings.position_embeddings.weight"]
    types = weights["embeddings.token_type_embeddings.weight"][0]
    places.copy_(weights["embeddings.position_embeddings.weight"][: len(places)] + types)
    bert = {piece: i for i, piece in enumerate(bert_pieces(data))}
    tokenizer = bert_tokenizer(data)
    words = weights["embeddings.word_embeddings.weight"]
    target = own["embeddings.word_embeddings.weight"]
    for i, piece in enumerate(vocabulary):
        if i < len(SPECIAL_TOKENS):
            target[i] = words[bert[BERT_SPECIAL[i]]]
        elif piece in bert:
            target[i] = words[bert[piece]]
        else:
            parts = tokenizer.encode(piece.removeprefix("##"), add_special_tokens=False).ids
            target[i] = words[parts].mean(0)
    for special in (DEC, ENC):
        target[special] += 0.01 * torch.randn_like(target[special])
    encoder.load_state_dict(own)
