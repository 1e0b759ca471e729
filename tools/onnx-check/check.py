"""Checks emitted graphs with the reference checker of ONNX, strict shape inference included.

    node tools/onnx-check/emit.ts CHECKPOINT FOLDER
    python tools/onnx-check/check.py FOLDER
"""

import glob
import os
import sys

import onnx

files = sorted(glob.glob(os.path.join(sys.argv[1], "*.onnx")))
for file in files:
    onnx.checker.check_model(file, full_check=True)
    print("ok", os.path.basename(file))
sys.exit(0 if files else "no .onnx file there")
