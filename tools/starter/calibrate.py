"""Makes the probabilities of the matching mode mean what they say."""

import torch
import torch.nn.functional as F

from data import Split
from model import StarterModel


def encode(model: StarterModel, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Photos as they are, uint8 [B, 3, S, S] -> patch features and embeddings"""
    return model.encode_images((images.float() / 127.5 - 1).to(memory_format=torch.channels_last))


def log_odds(model: StarterModel, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    logits = model.match(ids, features)
    return logits[:, 1] - logits[:, 0]


@torch.no_grad()
def pair_odds(model: StarterModel, split: Split, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-odds of each caption with its own photo, and with another at random."""
    device = ids.device
    features = torch.cat([encode(model, part.to(device))[0] for part in split.images.split(250)])
    photos = torch.arange(len(features), device=device).repeat_interleave(ids.shape[1])
    other = (photos.cpu() + torch.randint(1, len(features), photos.shape)).to(device) % len(features)
    texts = ids.flatten(0, 1).split(1000)

    def odds(rows: torch.Tensor) -> torch.Tensor:
        return torch.cat([log_odds(model, t, features[r]) for t, r in zip(texts, rows.split(1000))])

    return odds(photos), odds(other)


def calibrate(model: StarterModel, right: torch.Tensor, wrong: torch.Tensor) -> None:
    """Scales and shifts the log-odds so that a probability is the share of matches among pairs that
    get it, where half of all pairs match (Platt), and puts them on the match logit, the other being
    0, so that search, which adds the cosine to the match logit, ranks by them. Changes no order."""
    odds = torch.cat([right, wrong]).double()
    labels = torch.cat([torch.ones_like(right), torch.zeros_like(wrong)]).double()
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, device=odds.device, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.binary_cross_entropy_with_logits(line[0] * odds + line[1], labels)
        value.backward()
        return value

    optimiser.step(loss)
    scale, offset = line.tolist()
    with torch.no_grad():
        head = model.itm_head
        for parameter, constant in ((head.weight, 0.0), (head.bias, offset)):
            match = scale * (parameter[1] - parameter[0]) + constant
            parameter.copy_(torch.stack([torch.zeros_like(match), match]))
    print(f"calibrated: log-odds x {scale:.3f} + {offset:.3f}", flush=True)
