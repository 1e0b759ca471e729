import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parity } from '#main/evaluation/parity.ts';
import { loadModel } from '#main/med/model/load.ts';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { Compared } from './compared.ts';

/** Made by tools/reference/tiny.py, with what transformers makes of them. */
const folder = join(import.meta.dirname, '../fixtures/official');
const checkpoints = readdirSync(folder);
/** All modes and a type that is not f32: a software driver takes seconds for each of them. */
const onWebgpu = ['original', 'captioning-bf16'];

describe('official layouts agree with transformers in f32', () => {
  test.each(checkpoints)('%s on the CPU', async (name) => {
    const model = await loadModel({ folder: join(folder, name), device: 'cpu', dtype: 'f32' });
    try {
      const { bar, outputs, sequences } = await parity(model);
      expect(bar).toEqual({ measure: 'maxAbs', below: 2e-4 });
      expect(outputs.length).toBeGreaterThan(1);
      for (const { name: output, maxAbs } of outputs) expect(maxAbs, output).toBeLessThan(2e-4);
      for (const { name: search, identical } of sequences) expect(identical, search).toBe(3);
    } finally {
      await model.dispose();
    }
  });

  test.skipIf(noSoftwareVulkan !== null)(
    `${onWebgpu.join(', ')} on webgpu, by a software Vulkan driver ${noSoftwareVulkan ?? ''}`,
    async () => {
      // The Vulkan loader is looked up when a process starts, so this is one of its own.
      const script = join(import.meta.dirname, 'webgpu-official.ts');
      const folders = onWebgpu.map((name) => join(folder, name));
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...folders], {
        env: await softwareVulkanEnvironment(),
      });
      const compared = Compared.parse(JSON.parse(stdout));
      expect(compared).toHaveLength(onWebgpu.length);
      for (const { folder: name, provider, worst, sequences } of compared) {
        expect(provider, name).toBe('webgpu');
        expect(worst, name).toBeLessThan(2e-3);
        for (const identical of sequences) expect(identical, name).toBe(3);
      }
    },
    240_000,
  );
});
