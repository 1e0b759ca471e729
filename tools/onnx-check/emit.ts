/**
 * `node tools/onnx-check/emit.ts CHECKPOINT FOLDER`: writes every graph of a checkpoint, in both
 * types, beside a copy of its weights, for `check.py`.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { modeGraphs } from '#main/med/graphs/mode-graphs.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';

const [source, folder] = process.argv.slice(2);
const checkpoint = await openCheckpoint(source);
await mkdir(folder, { recursive: true });
for (const file of checkpoint.weightsFiles) {
  await copyFile(file, join(folder, relative(checkpoint.weightsFolder, file)));
}
for (const dtype of ['f32', 'f16'] as const) {
  const target = { dtype, fusesAttention: false };
  for (const graph of modeGraphs(checkpoint, { encoders: target, decoder: target }).values()) {
    await writeFile(join(folder, `${graph.name}.${dtype}.onnx`), toModelBytes(graph));
  }
}
