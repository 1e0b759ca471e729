import { probeModels } from '#main/med/graphs/probe.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { remedyFor } from '#main/runtime/remedies.ts';
import type { Check } from './check.ts';

/** Every provider this system can have: tried, with the step that would make it work. */
export async function deviceChecks(): Promise<Check[]> {
  const { candidates } = await chooseDevice({ requested: 'auto' }, probeModels());
  return Promise.all(
    candidates.map(async ({ provider, available, detail }): Promise<Check> => {
      const remedy = available ? null : await remedyFor(provider);
      return { name: provider, state: available ? 'ok' : 'off', detail, remedy };
    }),
  );
}
