import { expect, test } from 'vitest';
import { curve, repeatCurve } from './curve.ts';

test.each([
  ['all of the text stack by all three losses', 'text', ['itc', 'itm', 'lm'], curve.text, 0],
  ['low-rank factors by the LM loss', 'lora', ['lm'], curve.loraSteps, 0],
  ['that and an image block, as they are', 'text', ['itc', 'itm', 'lm'], curve.imageText, 1],
  ['that and an image block, by low-rank factors', 'lora', ['lm'], curve.imageLora, 1],
] as const)(
  '%s: all steps lose what they lose in PyTorch',
  async (_, trainable, losses, expected, imageBlocks) => {
    expect(expected.length).toBe(imageBlocks === 0 ? 50 : 15);
    const { steps: found } = await repeatCurve(trainable, losses, expected, 'cpu', imageBlocks);
    expect(found).toHaveLength(expected.length);
    for (const [step, there] of expected.entries()) {
      for (const name of [...losses, 'norm'] as const) {
        const [here, value] = [found[step][name] ?? NaN, there[name] ?? NaN];
        const difference = Math.abs(here - value) / value;
        if (name !== 'norm') expect(difference, `${name} at step ${step}`).toBeLessThan(0.01);
        if (step === 0) expect(difference, `${name} at first`).toBeLessThan(1e-4);
      }
    }
  },
);
