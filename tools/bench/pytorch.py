"""The stages of `medley bench` on PyTorch with transformers: same names, inputs and batch sizes, JSON on stdout.

    python pytorch.py FOLDER [--device cuda|cpu] [--dtype f16|f32] [--seconds 3] [--stages ...] [--max-batch N]
                      [--image-size PIXELS] [--threads N]

FOLDER is a BLIP checkpoint in the layout of Hugging Face, for matching or for captioning. Every rate is of the median
call after one call to warm up, over `--seconds` and at least three calls, under torch.inference_mode, synchronised.
Each stage is measured twice: "hostToHost" from f32 pixels, ids or f32 features in host memory to results in host
memory, as Medley does, and "resident" with inputs on the device and results left there. Captions go through
generate(), whose tokens end on the host either way in Medley's figures and stay on the device in "resident".
Needs torch, transformers and safetensors.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import BertTokenizer, BlipForConditionalGeneration, BlipForImageTextRetrieval

TEXT = "two people walk a brown dog along a sandy beach"
NEW_TOKENS = 20
BATCHES = {"vision": (1, 8, 32), "greedy": (1, 32), "beam3": (1, 32), "texts": (1, 32), "pairs-pixels": (32,),
           "pairs-features": (32,)}
MATCHING, CAPTIONING = ("vision", "texts", "pairs-pixels", "pairs-features"), ("vision", "greedy", "beam3")


class Runner:
    def __init__(self, folder, device, dtype, image_size=None):
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.captions = config["architectures"] == ["BlipForConditionalGeneration"]
        kind = BlipForConditionalGeneration if self.captions else BlipForImageTextRetrieval
        self.model = kind.from_pretrained(folder, dtype=dtype).to(device).eval()
        self.tokenizer = BertTokenizer(str(folder / "vocab.txt"))
        self.device, self.dtype = device, dtype
        self.side = image_size or self.model.config.vision_config.image_size
        # Position embeddings are resized in each call: transformers has no other way.
        self.resize = {"interpolate_pos_encoding": image_size is not None}
        self.stages = CAPTIONING if self.captions else MATCHING

    def pixels(self, batch):
        """What preprocessing gives: f32 in host memory."""
        generator = torch.Generator().manual_seed(1)
        return torch.randn(1, 3, self.side, self.side, generator=generator).repeat(batch, 1, 1, 1)

    def ids(self, batch, first=None):
        ids = torch.tensor([self.tokenizer.encode(TEXT)] * batch)
        if first is not None:
            ids[:, 0] = first
        return ids

    def to_device(self, tensor):
        return tensor.to(self.device, dtype=self.dtype if tensor.is_floating_point() else None)

    def call(self, stage, batch):
        """Inputs in host memory, and what makes results on the device of them on the device."""
        model = self.model
        if stage == "vision":
            return (self.pixels(batch),), self.features
        if stage in ("greedy", "beam3"):
            beams = 3 if stage == "beam3" else 1
            text = model.config.text_config
            # generate() drops the last token of what it is given; lengths count [DEC].
            start = torch.tensor([[text.bos_token_id, text.sep_token_id]] * batch)
            length = {"min_length": 1 + NEW_TOKENS, "max_length": 1 + NEW_TOKENS}
            return (self.pixels(batch), start), lambda pixels, ids: model.generate(
                pixel_values=pixels, input_ids=ids, attention_mask=torch.ones_like(ids), num_beams=beams,
                do_sample=False, **self.resize, **length)
        if stage == "texts":
            return (self.ids(batch),), self.embed
        ids = self.ids(batch, first=model.config.text_config.bos_token_id + 1)
        if stage == "pairs-features":
            return (self.features(self.to_device(self.pixels(batch))).float().cpu(), ids), self.match
        return (self.pixels(batch), ids), lambda pixels, ids: self.match(self.features(pixels), ids)

    def features(self, pixels):
        return self.model.vision_model(pixels, **self.resize).last_hidden_state

    def embed(self, ids):
        words = self.model.text_encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        return torch.nn.functional.normalize(self.model.text_proj(words[:, 0]).float(), dim=-1)

    def match(self, features, ids):
        seen = torch.ones(features.shape[:2], dtype=torch.long, device=features.device)
        hidden = self.model.text_encoder(input_ids=ids, attention_mask=torch.ones_like(ids),
                                         encoder_hidden_states=features, encoder_attention_mask=seen)
        return self.model.itm_head(hidden.last_hidden_state[:, 0])

    def measure(self, stage, batch, seconds):
        inputs, compute = self.call(stage, batch)
        resident = tuple(self.to_device(each) for each in inputs)

        def host_to_host():
            result = compute(*(self.to_device(each) for each in inputs))
            (result.float() if result.is_floating_point() else result).cpu()

        rate = lambda call: batch / median_seconds(call, self.device, seconds)
        return {"stage": stage, "batch": batch, "hostToHost": rate(host_to_host),
                "resident": rate(lambda: compute(*resident))}


def synchronise(device):
    if device == "cuda":
        torch.cuda.synchronize()


def median_seconds(call, device, seconds):
    call()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        synchronise(device)
        start = time.perf_counter()
        call()
        synchronise(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def gpu_bytes_in_use():
    """Of all GPUs and processes, as `medley bench` counts it; None without nvidia-smi."""
    try:
        query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
        output = subprocess.run(query, capture_output=True, text=True, check=True).stdout
        return sum(int(line) for line in output.split()) * 2**20
    except (OSError, subprocess.CalledProcessError):
        return None


def main():
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if cuda else "cpu")
    parser.add_argument("--dtype", choices=["f16", "f32"], default="f16" if cuda else "f32")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--stages", nargs="+", choices=BATCHES)
    parser.add_argument("--max-batch", type=int, default=1_000_000)
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    before = gpu_bytes_in_use()
    start = time.perf_counter()
    with torch.inference_mode():
        dtype = torch.float16 if options.dtype == "f16" else torch.float32
        runner = Runner(options.folder, options.device, dtype, options.image_size)
        stages = [stage for stage in runner.stages if options.stages is None or stage in options.stages]
        for stage in stages:
            inputs, compute = runner.call(stage, 1)
            compute(*(runner.to_device(each) for each in inputs))
        synchronise(options.device)
        load_seconds = time.perf_counter() - start
        rates, most = [], gpu_bytes_in_use()
        for stage in stages:
            for batch in (size for size in BATCHES[stage] if size <= options.max_batch):
                print(f"Measuring {stage}, batch {batch}…", file=sys.stderr)
                rates.append(runner.measure(stage, batch, options.seconds))
                most = None if most is None else max(most, gpu_bytes_in_use())
    where = torch.cuda.get_device_name() if options.device == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    json.dump({
        "by": f"torch {torch.__version__}, transformers {transformers.__version__}, {options.dtype}, {where}",
        "loadSeconds": load_seconds, "rates": rates,
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "gpuBytes": None if before is None or most is None else most - before,
    }, sys.stdout)


main()
