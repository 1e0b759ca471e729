import { expect, test, vi } from 'vitest';
import { openLibrary } from '../open-library.ts';
import { contentId } from '../rows.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('the last decision holds, even when the clock was set back before it', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  const decision = { captionId: 'c', assetId: contentId(1), by: 'person', reason: null };
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(Date.parse('2026-06-02T00:00:00Z'));
    await store.tables.verdicts.append([{ ...decision, verdict: 'confirmed' }]);
    vi.setSystemTime(Date.parse('2026-06-01T00:00:00Z'));
    await store.tables.verdicts.append([{ ...decision, verdict: 'withdrawn' }]);
  } finally {
    vi.useRealTimers();
  }
  expect(store.tables.verdicts.of('c')?.verdict).toBe('withdrawn');
  await store.close();
  const again = await openLibrary(folder);
  expect(again.tables.verdicts.of('c')?.verdict).toBe('withdrawn');
  expect(again.tables.verdicts.of('unknown')).toBeUndefined();
});
