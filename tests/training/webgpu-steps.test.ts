import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { curve } from './curve.ts';
import { ProviderSteps } from './provider-steps.ts';

/** A software driver takes half a minute for each. */
const count = 2;

test.skipIf(noSoftwareVulkan !== null)(
  `whole steps on webgpu lose what they lose in PyTorch, and leave what they leave on the CPU ${noSoftwareVulkan ?? ''}`,
  async () => {
    // The Vulkan loader is looked up when a process starts, so this is one of its own.
    const script = join(import.meta.dirname, 'provider-steps.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, 'webgpu', String(count)],
      { env: await softwareVulkanEnvironment() },
    );
    const { steps, distances } = ProviderSteps.parse(JSON.parse(stdout));
    expect(steps).toHaveLength(count);
    for (const [i, step] of steps.entries()) {
      for (const name of ['itc', 'itm', 'lm', 'norm'] as const) {
        const expected = curve.text[i][name] ?? NaN;
        expect(Math.abs(step[name] - expected) / expected, `${name} ${i}`).toBeLessThan(1e-4);
      }
    }
    // Moments are what the gradients came to; a parameter without a gradient moves by rounding errors.
    const kinds = ['parameters', 'first', 'second', 'momentum', 'queue'];
    expect(Object.keys(distances).sort()).toEqual(kinds.sort());
    for (const kind of kinds) expect(distances[kind], kind).toBeLessThan(1e-4);
  },
  300_000,
);
