"""Polishes the captioner several times over, each time with other chances and settings, and takes the mean
of the weights that do best together, a soup (Wortsman et al. 2022).

    python tools/starter/soup.py --data DATA --checkpoint FOLDER --out FOLDER

One run of polish.py a card at a time, on as many cards as there are. Each run, the mean of all, and the mean
of those that each made it better, the best run first, are scored on dev; the best of the choice half is
written, unless none is better than the start. All but the captioner stays as it was, bit for bit.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import time

import torch

from model import load_checkpoint
from polish import caption_score, common_arguments, describe, load_judge, load_start

RUNS = (
    {"seed": 1, "rate": 1e-3, "truth": 0.15, "bleu": 1},
    {"seed": 2, "rate": 1e-3, "truth": 0.1, "bleu": 0.5, "patches": 0.8},
    {"seed": 3, "rate": 1.5e-3, "truth": 0.15, "bleu": 2},
    {"seed": 4, "rate": 1e-3, "truth": 0.1, "bleu": 1.5, "patches": 0.8},
)
OWN = "text_decoder."


def run_all(arguments) -> list:
    """Polishes with each of the settings; the folders of those runs that came to their end."""
    waiting = [(os.path.join(arguments.work, f"polish-{run['seed']}"), run) for run in RUNS]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    cards = visible.split(",") if visible else [str(card) for card in range(arguments.cards)]
    free, running, done = cards[: arguments.cards], [], []
    shared = [
        part
        for name in ("data", "checkpoint", "steps", "seconds", "batch", "evaluations", "limit", "device")
        if getattr(arguments, name) is not None
        for part in (f"--{name}", str(getattr(arguments, name)))
    ]
    script = os.path.join(os.path.dirname(__file__), "polish.py")
    while waiting or running:
        while waiting and free:
            card = free.pop()
            folder, run = waiting.pop(0)
            os.makedirs(folder, exist_ok=True)
            settings = [part for name, value in run.items() for part in (f"--{name}", str(value))]
            with open(os.path.join(folder, "log"), "w") as log:
                process = subprocess.Popen(
                    [sys.executable, script, *shared, *settings, "--out", folder],
                    env={**os.environ, "CUDA_VISIBLE_DEVICES": card}, stdout=log, stderr=log,
                )
            running.append((process, card, folder, run))
        time.sleep(0.5)
        for entry in [entry for entry in running if entry[0].poll() is not None]:
            process, card, folder, run = entry
            running.remove(entry)
            free.append(card)
            print(f"{run} in {folder}: {'done' if process.returncode == 0 else 'failed, see its log'}", flush=True)
            if process.returncode == 0:
                done.append(folder)
    return sorted(done)


def captioner(folder: str, start: dict) -> dict:
    """The captioner's own tensors of a checkpoint, f32; all others must be those of the start."""
    from safetensors.torch import load_file

    tensors = load_file(os.path.join(folder, "model.safetensors"))
    for name, tensor in start.items():
        if not name.startswith(OWN) and not torch.equal(tensor, tensors[name]):
            raise ValueError(f"{folder} has another {name} than the start.")
    return {name: tensor.float() for name, tensor in tensors.items() if name.startswith(OWN)}


def mean(captioners: list) -> dict:
    return {name: torch.stack([c[name] for c in captioners]).mean(0) for name in captioners[0]}


def write(folder: str, source: str, start: dict, own: dict, metadata: dict) -> None:
    """The checkpoint of the source with these tensors of the captioner."""
    from safetensors.torch import save_file

    os.makedirs(folder, exist_ok=True)
    if not os.path.samefile(folder, source):
        for name in ("config.json", "vocab.txt"):
            shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))
    tensors = {name: own[name].half() if name in own else tensor for name, tensor in start.items()}
    path = os.path.join(folder, "model.safetensors")
    save_file(tensors, f"{path}.part", metadata=metadata)
    os.replace(f"{path}.part", path)


def main() -> None:
    from safetensors import safe_open
    from safetensors.torch import load_file

    parser = common_arguments(__doc__)
    parser.add_argument("--work", default="/tmp/starter", help="the runs and their logs")
    parser.add_argument("--cards", type=int, default=max(1, torch.cuda.device_count()), help="runs at a time")
    parser.add_argument("--made", nargs="*", help="folders of runs that are there already")
    arguments = parser.parse_args()
    begun = time.time()
    os.makedirs(arguments.work, exist_ok=True)
    path = os.path.join(arguments.checkpoint, "model.safetensors")
    start = load_file(path)
    with safe_open(path, "pt") as f:
        metadata = f.metadata()
    folders = arguments.made or run_all(arguments)
    if not folders:
        raise RuntimeError(f"No run came to its end: see the logs in {arguments.work}.")
    model, vocabulary = load_start(arguments)
    judge = load_judge(model, vocabulary, arguments)
    reports = {}

    def score(name: str, own: dict) -> float:
        trial = copy.deepcopy(model)
        trial.load_state_dict(own, strict=False)
        reports[name] = judge(trial)
        print(f"{name}, {time.time() - begun:.0f} s: {describe(reports[name])}", flush=True)
        return caption_score(reports[name])

    runs = {os.path.basename(folder): captioner(folder, start) for folder in folders}
    candidates = {"start": captioner(arguments.checkpoint, start), **runs, "mean of all": mean([*runs.values()])}
    scores = {name: score(name, own) for name, own in candidates.items()}
    ranked = sorted(runs, key=lambda name: -scores[name])
    taken = ranked[:1]
    for name in ranked[1:]:
        trial = " + ".join([*taken, name])
        if trial not in candidates:
            candidates[trial] = mean([runs[part] for part in [*taken, name]])
            scores[trial] = score(trial, candidates[trial])
        if scores[trial] > scores[" + ".join(taken)]:
            taken.append(name)
    chosen = max(scores, key=lambda name: scores[name])
    print(f"chosen: {chosen}: {describe(reports[chosen])}; {reports[chosen]['samples']}", flush=True)
    write(arguments.out, arguments.checkpoint, start, candidates[chosen], metadata)
    load_checkpoint(arguments.out)
    captioner(arguments.out, start)
    with open(os.path.join(arguments.work, "soup.json"), "w") as f:
        json.dump({"chosen": chosen, "reports": reports}, f, indent=1)


if __name__ == "__main__":
    main()
