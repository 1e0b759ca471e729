"""Texts that a person might type, made for training and measuring honest matching: words and scraps
of a photo's captions, which fit it, and edited captions, other words, nonsense, other scripts and
empty text, which fit nothing or not this photo."""

import random
import re

import torch

from data import Tokenizer, bert_pieces

# Words that exclude one another in a caption's place.
EXCLUSIVE = [
    line.split()
    for line in """
red blue green yellow black white brown orange pink purple gray grey
two three four five six ten
man woman
boy girl
men women
boys girls
dog cat horse cow bird sheep elephant monkey
dogs cats horses cows birds sheep elephants monkeys
running sitting sleeping swimming standing jumping climbing lying eating
runs sits sleeps swims stands jumps climbs lies eats
smiling crying laughing yelling
bike motorcycle skateboard horse car boat snowboard surfboard scooter
football soccer basketball baseball tennis hockey volleyball golf
water snow grass sand street field mud ice
beach mountain street park forest desert pool office kitchen city river
hat helmet scarf sunglasses wig
shirt dress jacket coat sweater bikini uniform suit
guitar camera phone book umbrella flag cup sandwich
ball frisbee stick bone rope
young old
big small
inside outside
day night
left right
above below under
tree car bench fence rock wall
smiles frowns
bridge tower stairs slide swing trampoline
""".strip().splitlines()
]
GROUP_OF = {}
for words in EXCLUSIVE:
    for word in words:
        GROUP_OF.setdefault(word, []).append(words)

STOP = set(
    """a an the of in on at to with and or for from by is are was be been being it its his her their they he she
    as that this there while who which into onto up down out over some other another one through near next
    has have had off around behind front very what do does not no you i we my your them him about along against
    across back after before each where both toward towards during all so several s t can just get gets getting
    look looks looking something someone people person""".split()
)

OTHER_LANGUAGES = """
un chat sur la table|une voiture rouge dans la rue|le coucher de soleil sur la mer|deux enfants jouent
ein hund im garten|das alte haus am see|rechnung vom letzten jahr|mein geburtstag|die katze schlaft
una casa en la montana|el perro corre por la playa|foto de familia|una mujer con sombrero|la fiesta de cumpleanos
il mare di notte|una bicicletta rossa|i bambini giocano|um cachorro na praia|uma casa amarela|festa de aniversario
een hond op het strand|twee kinderen spelen|pies na plazy|stary dom nad jeziorem|koira rannalla|hunden leker i snon
""".strip().replace("\n", "|").split("|")

SCRIPTS = [(0x3041, 0x3096), (0x4E00, 0x9FA5), (0x0430, 0x044F), (0x0621, 0x064A), (0x03B1, 0x03C9), (0x0905, 0x0939), (0xAC00, 0xD7A3), (0x05D0, 0x05EA)]


def content_words(text: str) -> list:
    return [w for w in re.findall(r"[a-z]+", text) if len(w) > 2 and w not in STOP]


def edited(text: str, others: set, random: random.Random) -> str | None:
    """The caption with one word exchanged for one that excludes it and is in none of the photo's
    captions; None where it has no such word."""
    words = text.split()
    places = [i for i, word in enumerate(words) if word in GROUP_OF]
    random.shuffle(places)
    for place in places:
        choices = [w for group in GROUP_OF[words[place]] for w in group if w not in others]
        if choices:
            return " ".join([*words[:place], random.choice(choices), *words[place + 1 :]])
    return None


def scrap(captions: list, random: random.Random) -> str:
    """A word that several captions have, two of their words, or a few in a row."""
    text = random.choice(captions)
    kind = random.random()
    if kind < 0.6:
        words = [w for caption in captions for w in set(content_words(caption))]
        common = [w for w in words if words.count(w) >= 2] or words
        if common:
            return " ".join(random.sample(common, min(len(common), 1 if kind < 0.4 else 2)))
    words = text.split()
    length = random.randint(2, 6)
    start = random.randint(0, max(0, len(words) - length))
    return " ".join(words[start : start + length])


def nonsense(random: random.Random) -> str:
    def word():
        kind = random.random()
        if kind < 0.4:
            return "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(random.randint(2, 9)))
        if kind < 0.6:
            row = random.choice(["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"])
            start = random.randint(0, 4)
            return row[start : start + random.randint(3, 7)]
        if kind < 0.7:
            return str(random.randint(0, 99999))
        return "".join(random.choice("bcdfghklmnprstvwz") + random.choice("aeiou") for _ in range(random.randint(2, 4)))

    return " ".join(word() for _ in range(random.randint(1, 4)))


def unreadable(random: random.Random) -> str:
    """Text of another script, mixed now and then with letters."""
    low, high = random.choice(SCRIPTS)
    words = ["".join(chr(random.randint(low, high)) for _ in range(random.randint(1, 6))) for _ in range(random.randint(1, 4))]
    return " ".join(words)


class MadeTexts:
    """Token ids of made texts for the photos of a split. [photos, each, length], or [count, length]
    where a text belongs to no photo."""

    def __init__(self, captions: list, foreign: list, tokenizer: Tokenizer, length: int, data: str, seed: int, each=8):
        chance = random.Random(seed)
        known = sorted({w for five in captions for c in five for w in content_words(c)})
        rare = [p for p in bert_pieces(data) if re.fullmatch(r"[a-z]{3,}", p) and p not in STOP]
        edits, scraps, words = [], [], []
        for five in captions:
            others = {w for caption in five for w in caption.split()}
            stems = {w[:4] for w in others}
            for _ in range(each):
                edit = None
                for caption in chance.sample(five, len(five)):
                    edit = edit or edited(caption, others, chance)
                edits.append(edit or chance.choice(foreign))
                scraps.append(scrap(five, chance))
                count = 1 if chance.random() < 0.7 else 2
                strange = []
                while len(strange) < count:
                    word = chance.choice(known if chance.random() < 0.5 else rare)
                    if word[:4] not in stems:
                        strange.append(word)
                words.append(" ".join(strange) if chance.random() < 0.7 else f"a {' '.join(strange)}")
        nothing = [nonsense(chance) for _ in range(2000)] + [unreadable(chance) for _ in range(700)]
        nothing += OTHER_LANGUAGES * 6 + [""] * 40
        photos = len(captions)
        self.edits, self.scraps, self.words = (
            tokenizer.encode(texts, length).view(photos, each, length) for texts in (edits, scraps, words)
        )
        self.nothing = tokenizer.encode(nothing, length)
        self.foreign = tokenizer.encode(foreign, length)

    def to(self, device: str) -> "MadeTexts":
        for name, value in vars(self).items():
            setattr(self, name, value.to(device))
        return self


def one_of(rows: torch.Tensor, photos: torch.Tensor) -> torch.Tensor:
    """One made text of each of the photos: [photos, length]"""
    return rows[photos, torch.randint(rows.shape[1], (len(photos),), device=photos.device)]


def some_of(rows: torch.Tensor, count: int) -> torch.Tensor:
    return rows[torch.randint(len(rows), (count,), device=rows.device)]
