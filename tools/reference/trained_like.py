"""Random weights of the official sizes that behave like trained ones: hidden states tell inputs apart after twelve
layers and more, captions follow the photo and seldom say a word twice, and a few channels are far larger than the rest.

(`randomise` of blip.py is for tiny models. Deeper ones forget what they were given.)
"""

import math
import re

import torch

# What each weight's gain is, by the first pattern that its name has: its variance is gain^2 / inputs.
GAINS = [
    (r"(word|position)_embeddings\.weight$", 6),
    # Queries and keys above 1, so that attention chooses, most where text looks at the photo. Not far above, or
    # differences grow from layer to layer, of rounding too: a change of the input by 1e-3 changes the output by about
    # 1e-3 to 2e-3 with these gains, and by 1e-2 where they are 4 and 2.
    (r"crossattention\.self\.(query|key)\.weight$", 2),
    (r"attention\.self\.(query|key)\.weight$", 1.6),
    # What is added to the text's stream stays below what is there, or the words drown in what all of them see.
    (r"crossattention\.output\.dense\.weight$", 0.25),
    (r"attention\.output\.dense\.weight$", 0.3),
    (r"\d\.output\.dense\.weight$", 0.6),
    (r"itm_head\.weight$", 2),
    (r"weight$", 1),
]
# Outputs of GELU are positive on average. Weights that sum to 0 keep that from adding the same to all inputs.
AFTER_GELU = r"mlp\.fc2\.weight$|\d\.output\.dense\.weight$"
# How many channels of a norm are outliers; which norms have none, since they are outputs or meet the embeddings of
# the words; and what reads those that have.
OUTLIERS = 4
PLAIN_NORMS = r"post_layernorm|predictions"
READERS = (r"(qkv|fc1|query|(?<!cross)attention\.self\.(key|value)|intermediate\.dense|transform\.dense|text_proj"
           r"|itm_head)\.weight$")


def draw_weights(model, seed, outlier):
    """Fills a model. In every norm but the last of a part, the same few channels are about `outlier`, of either sign,
    where others have deviation 1, as in trained ViTs and BERTs, and the weights that read them are as much smaller:
    what 8-bit integers find hard, for their steps follow the largest number of a row."""
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor, deviation, mean=0.0):
        tensor.copy_(torch.empty(tensor.shape).normal_(mean, deviation, generator=generator))

    signs = torch.tensor([1.0, -1.0]).repeat(OUTLIERS // 2)
    adding = 4 / math.sqrt(2 * model.config.vision_config.num_hidden_layers)
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            inputs = tensor[0].numel()
            norm = re.search(r"(norm\d?|LayerNorm)\.", name)
            if norm and name.endswith("weight"):
                normal(tensor, 0.2, mean=1.0)
            elif name.endswith("bias"):
                normal(tensor, 0.1)
            elif re.search(r"(class|position)_embedding$", name):
                normal(tensor, 0.5)
            elif name.endswith("qkv.weight"):
                normal(tensor, 1 / math.sqrt(inputs))
                tensor[: 2 * inputs] *= 1.6
            elif re.search(r"self_attn\.projection\.weight$|mlp\.fc2\.weight$", name):
                normal(tensor, adding / math.sqrt(inputs))
            else:
                gain = next(gain for pattern, gain in GAINS if re.search(pattern, name))
                normal(tensor, gain / math.sqrt(inputs))
            if re.search(AFTER_GELU, name):
                tensor -= tensor.mean(dim=1, keepdim=True)
            if outlier and norm and not re.search(PLAIN_NORMS, name):
                # The weight is small, or the outlier would grow from layer to layer of the text.
                tensor[:OUTLIERS] = signs * outlier if name.endswith("bias") else 0.2
            if outlier and re.search(READERS, name):
                tensor[:, :OUTLIERS] /= outlier
    return model.eval()


@torch.inference_mode()
def level_words(model, pixels, end_bias):
    """Sets the bias of the words so that over random beginnings on these photos each is as likely as any other, and
    the end by `end_bias` likelier."""
    config = model.config.text_config
    features = model.vision_model(pixels).last_hidden_state.repeat(4, 1, 1)
    generator = torch.Generator().manual_seed(0)
    words = torch.randint(config.vocab_size - 2, (len(features), 20), generator=generator).to(pixels.device)
    words[:, 0] = config.bos_token_id
    bias = model.text_decoder.cls.predictions.bias
    bias -= model.text_decoder(input_ids=words, encoder_hidden_states=features).logits.mean(dim=(0, 1))
    bias[config.sep_token_id] += end_bias
