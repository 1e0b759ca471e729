import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { onnxRuntimeVersion } from '#main/runtime/onnx-runtime-files.ts';
import { projectRoot } from '../project-paths.ts';
import { ok, type Check } from './check.ts';
import { inGigabytes } from './quantity.ts';

/** Versions, and the machine. */
export async function systemChecks(): Promise<Check[]> {
  const cores = availableParallelism();
  const [processor] = cpus();
  return [
    ok('Medley', await ownVersion()),
    ok('Node', process.versions.node),
    ok('ONNX Runtime', onnxRuntimeVersion),
    ok('System', `${type()} ${release()}, ${arch()}`),
    ok('Processor', `${processor?.model.trim() ?? 'unknown'}, ${cores} cores for Medley`),
    ok('Memory', `${inGigabytes(freemem())} of ${inGigabytes(totalmem())} free`),
  ];
}

async function ownVersion(): Promise<string> {
  const text = await readFile(join(projectRoot, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
