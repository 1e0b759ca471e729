"""Makes a folder of HEICs for tools/bench/import.ts, as phones write them, from a folder of JPEGs.

python3 -m venv fx && fx/bin/pip install pillow==13.0.0 pillow-heif==1.8.1
fx/bin/python tools/bench/heic.py JPEGS HEICS
"""

import sys
from pathlib import Path

import pillow_heif
from PIL import Image

source, target = map(Path, sys.argv[1:])
target.mkdir(exist_ok=True)
for path in sorted(source.glob("*.jp*g")):
    picture = Image.open(path).convert("RGB")
    pillow_heif.from_pillow(picture).save(target / f"{path.stem}.heic", quality=50)
