import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { compareGradients, Comparison, lossNames } from './gradient-losses.ts';

/** With every kind of node between them: a software driver takes seconds for each. */
const onWebgpu = ['lm', 'itc'];

function expectAgreement({ loss, unpaired, worst, parameter }: Comparison): void {
  expect(loss.actual).toBeCloseTo(loss.expected, 5);
  expect(unpaired).toEqual([]);
  expect(worst, parameter).toBeLessThan(1e-4);
}

test.each(lossNames)('gradients of %s agree with PyTorch in f32', async (name) => {
  expectAgreement(await compareGradients(name, 'cpu'));
});

test('and when activations are computed a second time', async () => {
  expectAgreement(await compareGradients('lm', 'cpu', { recomputes: true }));
});

test.each(lossNames)('of %s in f16 they agree as far as its 11 bits go', async (name) => {
  const { loss, worst } = await compareGradients(name, 'cpu', { dtype: 'f16' });
  expect(loss.actual / loss.expected).toBeCloseTo(1, 2);
  expect(worst).toBeLessThan(4e-2);
});

test.skipIf(noSoftwareVulkan !== null)(
  `on webgpu too, by a software Vulkan driver ${noSoftwareVulkan ?? ''}`,
  async () => {
    // The Vulkan loader is looked up when a process starts, so this is one of its own.
    const script = join(import.meta.dirname, 'provider-gradients.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, 'webgpu', ...onWebgpu],
      {
        env: await softwareVulkanEnvironment(),
      },
    );
    const compared = z.array(Comparison).parse(JSON.parse(stdout));
    expect(compared).toHaveLength(onWebgpu.length);
    for (const comparison of compared) expectAgreement(comparison);
  },
  240_000,
);
