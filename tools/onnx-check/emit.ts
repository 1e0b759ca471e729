/**
 * `node tools/onnx-check/emit.ts CHECKPOINT FOLDER`: writes every graph of a checkpoint, in both
 * types, beside a copy of its weights, for `check.py`.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '#main/med/checkpoint.ts';
import { crossMemoryGraph, crossRetainGraph, decoderStepGraph } from '#main/med/graphs/decoder.ts';
import { imageEncoderGraph } from '#main/med/graphs/image-encoder.ts';
import { itmEncoderGraph, textEncoderGraph } from '#main/med/graphs/text-encoder.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';

const [source, folder] = process.argv.slice(2);
const checkpoint = await openCheckpoint(source);
const builders = [
  imageEncoderGraph,
  textEncoderGraph,
  itmEncoderGraph,
  crossMemoryGraph,
  crossRetainGraph,
  decoderStepGraph,
];
await mkdir(folder, { recursive: true });
await copyFile(
  join(checkpoint.folder, checkpoint.weightsFile),
  join(folder, checkpoint.weightsFile),
);
for (const dtype of ['f32', 'f16'] as const) {
  for (const build of builders) {
    const graph = build(checkpoint, dtype);
    await writeFile(join(folder, `${graph.name}.${dtype}.onnx`), toModelBytes(graph));
  }
}
