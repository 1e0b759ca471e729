"""The part of the recipe after the student: lets its captioner learn on, from the captions
themselves, while the student as it was keeps retrieval and matching in place.

    python tools/starter/polish.py --data DATA --start FOLDER --out FOLDER
"""

import argparse
import copy
import math
import os
import time

import torch

from data import Tokenizer, augment, drop_words, load_split
from evaluate import evaluate, show
from model import PAD, load_checkpoint, save_checkpoint
from train import BATCH, KEEP_PATCHES, LENGTH, Average, Opinion, hard_losses, parameter_groups, shift, soft_losses

RATE = 2e-4


def polish(arguments) -> None:
    begun = time.time()
    torch.manual_seed(4)
    model, vocabulary = load_checkpoint(arguments.start)
    tokenizer = Tokenizer(vocabulary)
    flickr = os.path.join(arguments.data, "flickr8k")
    train_split, dev_split = load_split(flickr, "train"), load_split(flickr, "dev")
    images = train_split.images.cuda()
    ids = torch.stack([tokenizer.encode(five, LENGTH) for five in train_split.captions]).cuda()
    model.config.dropout = 0.1
    model = model.cuda().to(memory_format=torch.channels_last)
    before = copy.deepcopy(model).eval().requires_grad_(False)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = model.config.dropout
    model.train().vision_model.embeddings.stem.requires_grad_(False)
    average = Average(model, 0.998)
    optimiser = torch.optim.AdamW(parameter_groups(model, RATE), lr=RATE, betas=(0.9, 0.98), fused=True)
    batches = len(images) // BATCH
    total, step, order = arguments.epochs * batches, 0, None
    while step < total:
        if step % batches == 0:
            order = torch.randperm(len(images), device="cuda")
        if arguments.seconds and step == 60:
            torch.cuda.synchronize()
            paced = time.time()
        if arguments.seconds and step == 120:
            torch.cuda.synchronize()
            left = arguments.seconds - (time.time() - begun)
            total = max(160, step + int(left / (time.time() - paced) * 60))
            print(f"{(time.time() - paced) / 60 * 1000:.0f} ms a step, {total} steps", flush=True)
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * step / total))
        rows = order[(step % batches) * BATCH :][:BATCH]
        pixels = augment(images[rows]).to(memory_format=torch.channels_last)
        choice = torch.rand(len(rows), 5, device="cuda").argsort(1)[:, :2]
        first, second = ids[rows, choice[:, 0]], ids[rows, choice[:, 1]]
        both = torch.cat([first, second])
        inputs, targets = shift(both)
        inputs = drop_words(inputs, 0.1)
        kept = 1 + torch.randperm(49)[:KEEP_PATCHES].sort().values
        keep = torch.cat([torch.zeros(1, dtype=torch.long), kept]).cuda()
        with torch.autocast("cuda", dtype=torch.bfloat16):
            if step % 2 == 0:
                view = [pixels, drop_words(both, 0.1), drop_words(first, 0.1), inputs, keep]
                with torch.no_grad():
                    opinion = Opinion(before, *view, None)
                own = Opinion(model, *view, opinion.pairs)
                hard = hard_losses(own, targets, torch.ones(len(rows), device="cuda"))
                soft = soft_losses(own, [opinion], targets)
                loss = hard["lm"] + 0.3 * (hard["itc"] + hard["itm"]) + soft["itc"] + 2 * soft["itm"]
            else:
                features = model.vision_model(pixels)[:, keep]
                tokens = model.decode(inputs, torch.cat([features, features]))
                loss = torch.nn.functional.cross_entropy(
                    tokens.flatten(0, 1).float(), targets.flatten(), ignore_index=PAD, label_smoothing=0.1
                )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        step += 1
    save_checkpoint(average.model, vocabulary, arguments.out)
    print("polished:", show(evaluate(average.model, dev_split, tokenizer, LENGTH, captions=True)), flush=True)
    print(f"{step} steps in {time.time() - begun:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--start", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=31)
    parser.add_argument("--seconds", type=float, help="choose the steps so as to end training in this time")
    polish(parser.parse_args())
