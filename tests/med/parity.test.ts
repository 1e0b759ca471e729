import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { measure, Measured, readExpected, type Answer } from './answers.ts';

const root = join(import.meta.dirname, '../..');
const tiny = join(root, 'tests/fixtures/tiny-model');
const tinyLite = join(root, 'tests/fixtures/tiny-lite-model');
const starter = join(root, 'resources/models/starter');

/** The bar of the project: no ITC cosine, ITM logit or probability strays further in f32. */
const TOLERANCE = 1e-3;

function compare(folder: string, actual: Measured, expected: readonly Answer[]): void {
  const tokenizer = createTokenizer(readFileSync(join(folder, 'vocab.txt'), 'utf8'));
  expect(actual.answers).toHaveLength(expected.length);
  const differences = actual.answers.map((answer, i) => {
    const [mismatch, match] = expected[i].itm;
    return Math.max(
      Math.abs(answer.itc - expected[i].itc),
      Math.abs(answer.logit - match),
      Math.abs(answer.likelihood - expected[i].likelihood),
      Math.abs(answer.probability - 1 / (1 + Math.exp(mismatch - match))),
    );
  });
  expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
  expect(actual.answers.map(({ text }) => text)).toEqual(
    expected.map(({ greedy }) => tokenizer.decode(greedy)),
  );
}

describe('agreement with the Python reference in f32', () => {
  test('the tiny model on the CPU, 32 photos', async () => {
    const expected = readExpected('tiny-model');
    expect(expected).toHaveLength(32);
    compare(tiny, await measure(tiny, 'cpu', expected), expected);
  });

  test('the tiny model of the other stem and way of sharing on the CPU, 32 photos', async () => {
    const expected = readExpected('tiny-lite-model');
    expect(expected).toHaveLength(32);
    compare(tinyLite, await measure(tinyLite, 'cpu', expected), expected);
  });

  test('the starter model on the CPU, 32 photos', async () => {
    const expected = readExpected('starter');
    expect(expected).toHaveLength(32);
    compare(starter, await measure(starter, 'cpu', expected), expected);
  });

  test.skipIf(noSoftwareVulkan !== null)(
    `the tiny model on webgpu, by a software Vulkan driver ${noSoftwareVulkan ?? ''}`,
    async () => {
      // The Vulkan loader is looked up when a process starts, so this is one of its own.
      const script = join(import.meta.dirname, 'webgpu-process.ts');
      const { stdout } = await promisify(execFile)(process.execPath, [script, tiny, '2'], {
        env: await softwareVulkanEnvironment(),
      });
      const measured = Measured.parse(JSON.parse(stdout));
      expect(measured.provider).toBe('webgpu');
      compare(tiny, measured, readExpected('tiny-model').slice(0, 2));
    },
  );
});
