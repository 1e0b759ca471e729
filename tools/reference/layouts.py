"""The layouts a checkpoint of one BLIP comes in, besides what save_pretrained writes."""

import json
import re
from pathlib import Path

import torch
from safetensors.torch import save_file

from blip import PHOTO_MEAN, PHOTO_STD, captioning_model, retrieval_model


def tied_models(config, seed, share, end_bias):
    """A retrieval and a captioning model with the parameters in common that `share` names."""
    retrieval = retrieval_model(config, seed)
    captioning = captioning_model(config, seed + 1, end_bias)
    captioning.vision_model.load_state_dict(retrieval.vision_model.state_dict())
    own = captioning.text_decoder.bert.state_dict()
    common = retrieval.text_encoder.state_dict()
    kept = {} if share == "all" else {name: own[name] for name in own if ".attention." in name}
    captioning.text_decoder.bert.load_state_dict({**common, **kept})
    return retrieval, captioning


def write_medley(folder, retrieval, captioning, name, share, generation):
    """Medley's own layout: what modes share is stored once, under the encoder's name."""
    folder = Path(folder)
    vision, text = retrieval.config.vision_config, retrieval.config.text_config
    tensors = {key: value for key, value in retrieval.state_dict().items() if "position_ids" not in key}
    for key, value in captioning.text_decoder.state_dict().items():
        own_attention = share == "all-but-self-attention" and re.search(r"^bert\..*\.attention\.", key)
        if own_attention or key.startswith("cls.predictions.") and ".decoder." not in key:
            tensors[f"text_decoder.{key}"] = value
    save_file({key: value.contiguous() for key, value in tensors.items()}, folder / "model.safetensors")
    transformer = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "layer_norm_eps")
    config = {
        "model_type": "medley", "name": name, "share": share,
        "projection_size": retrieval.config.image_text_hidden_size,
        "vision_config": {"stem": "patch", "patch_size": vision.patch_size, "image_size": vision.image_size,
                          **{key: getattr(vision, key) for key in transformer},
                          "image_mean": PHOTO_MEAN, "image_std": PHOTO_STD},
        "text_config": {"vocab_size": text.vocab_size, "max_position_embeddings": text.max_position_embeddings,
                        **{key: getattr(text, key) for key in transformer}},
        "generation": generation,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


# convert_blip_original_pytorch_to_hf.py of transformers, read backwards.
ORIGINAL_NAMES = [
    (r"^vision_model\.embeddings\.class_embedding$", "visual_encoder.cls_token"),
    (r"^vision_model\.embeddings\.position_embedding$", "visual_encoder.pos_embed"),
    (r"^vision_model\.embeddings\.patch_embedding\.", "visual_encoder.patch_embed.proj."),
    (r"^vision_model\.encoder\.layers\.", "visual_encoder.blocks."),
    (r"^vision_model\.post_layernorm\.", "visual_encoder.norm."),
    (r"\.layer_norm([12])\.", r".norm\1."),
    (r"\.self_attn\.projection\.", ".attn.proj."),
    (r"\.self_attn\.", ".attn."),
]


def original_name(name):
    for pattern, original in ORIGINAL_NAMES:
        name = re.sub(pattern, original, name)
    return name


def write_original(folder, retrieval, captioning):
    """A pre-training checkpoint of salesforce/BLIP, model.pth: all three modes, what they share tied, with momentum
    copies, queues and optimiser state. Kept in f16, to be small; the models are rounded to it."""
    for model in (retrieval, captioning):
        model.half()
    state = {original_name(key): value for key, value in retrieval.state_dict().items()}
    for key, value in captioning.text_decoder.state_dict().items():
        twin = state.get(key.replace("bert.", "text_encoder."))
        state[f"text_decoder.{key}"] = twin if twin is not None and torch.equal(twin, value) else value
    positions = torch.arange(retrieval.config.text_config.max_position_embeddings).expand((1, -1))
    state |= {f"{part}.embeddings.position_ids": positions for part in ("text_encoder", "text_decoder.bert")}
    momentum = {key: value for key, value in state.items() if key.startswith(("visual_encoder.norm.", "vision_proj."))}
    state |= {re.sub(r"^(\w+?)\.", r"\1_m.", key): torch.full_like(value, 7) for key, value in momentum.items()}
    width, queue = retrieval.config.image_text_hidden_size, 8
    state |= {"image_queue": torch.zeros(width, queue), "text_queue": torch.zeros(width, queue),
              "queue_ptr": torch.zeros(1, dtype=torch.long), "temp": torch.tensor(0.07)}
    torch.save({"model": state, "optimizer": {"state": {}, "param_groups": [{"lr": 1e-5, "params": [0]}]},
                "config": {"image_size": retrieval.config.vision_config.image_size, "vit": "base"}, "epoch": 5},
               Path(folder) / "model.pth")
    for model in (retrieval, captioning):
        model.float()
