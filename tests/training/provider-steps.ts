/**
 * `node provider-steps.ts PROVIDER COUNT`: what the first steps of a training by all three losses come to
 * on a provider, and how far all that they leave is from what they leave on the CPU, as JSON.
 */
import { z } from 'zod';
import { Provider } from '#shared/schemas/model.ts';
import { curve, repeatCurve } from './curve.ts';

export const ProviderSteps = z.object({
  steps: z.array(z.record(z.string(), z.number())),
  /** By kind of state: the length of the differences, as a share of the length on the CPU. */
  distances: z.record(z.string(), z.number()),
});

function kindOf(state: string): string {
  return state.includes('/') ? state.slice(0, state.indexOf('/')) : 'parameters';
}

if (import.meta.main) {
  const provider = Provider.parse(process.argv[2]);
  const expected = curve.text.slice(0, Number(process.argv[3]));
  const repeat = (on: Provider) => repeatCurve('text', ['itc', 'itm', 'lm'], expected, on);
  const [there, here] = [await repeat(provider), await repeat('cpu')];
  const kinds = Map.groupBy(here.state, ([name]) => kindOf(name));
  const distances = [...kinds].map(([kind, states]) => {
    const differences = states.map(([name, data]) => {
      const other = there.state.get(name);
      return Math.hypot(...data.map((value, i) => value - (other?.[i] ?? NaN)));
    });
    const lengths = states.map(([, data]) => Math.hypot(...data));
    return [kind, Math.hypot(...differences) / Math.hypot(...lengths)];
  });
  const found = { steps: there.steps, distances: Object.fromEntries(distances) };
  process.stdout.write(JSON.stringify(ProviderSteps.parse(found)));
}
