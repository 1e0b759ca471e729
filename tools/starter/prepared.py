"""Photos, captions and made texts as training takes them, made once and kept."""

import os

import torch

from data import Tokenizer, bert_vocabulary, load_split, load_texts
from made_pictures import made_pictures
from made_texts import MadeTexts

LENGTH = 28  # [CLS] pieces [SEP]: 99 % of the captions whole
MADE = 640  # pictures that nothing fits


class Data:
    """What all runs train on, and measure themselves by."""

    def __init__(self, arguments):
        flickr = os.path.join(arguments.data, "flickr8k")
        train_split = load_split(flickr, "train", arguments.limit)
        foreign, everything = load_texts(arguments.data)
        captions = [c for five in train_split.captions for c in five]
        self.raw_captions = train_split.raw_captions
        self.vocabulary = bert_vocabulary(everything + captions, arguments.data)
        tokenizer = Tokenizer(self.vocabulary)
        self.images = train_split.images
        self.ids = torch.stack([tokenizer.encode(five, LENGTH) for five in train_split.captions])
        self.texts = tokenizer.encode(everything, LENGTH)
        self.made = MadeTexts(train_split.captions, foreign, tokenizer, LENGTH, arguments.data, seed=1)
        self.pictures = made_pictures(MADE, self.images.shape[-1], seed=1)
        self.dev = load_split(flickr, "dev", arguments.limit and arguments.limit // 4)

    def to(self, device: str) -> "Data":
        self.tokenizer = Tokenizer(self.vocabulary)
        for name in ("images", "ids", "texts", "made", "pictures"):
            setattr(self, name, getattr(self, name).to(device))
        return self


def load_data(arguments) -> Data:
    """The data, as an earlier part of the recipe left it or made anew."""
    place = os.path.join(arguments.work, "data.pt")
    if not os.path.exists(place):
        torch.save(Data(arguments), f"{place}.part")
        os.replace(f"{place}.part", place)
    return torch.load(place, weights_only=False, mmap=True).to(arguments.device)
