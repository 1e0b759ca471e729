import { expect, test, vi } from 'vitest';
import { newBatch, type Change, type Journal } from '#main/store/tables/journal.ts';
import { openLibrary } from '../open-library.ts';
import { contentId } from '../rows.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const day = 24 * 3600_000;
const now = Date.parse('2026-06-01T00:00:00Z');

function change(subject: string, facts: Partial<Change> = {}): Change {
  return {
    kind: 'caption-added',
    assetId: contentId(1),
    subject,
    before: null,
    after: null,
    ...facts,
  };
}

/** Records a change of each subject, so many days before now. */
async function recordAged(journal: Journal, ages: Record<string, number>): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const [subject, days] of Object.entries(ages)) {
      vi.setSystemTime(now - days * day);
      await journal.record(newBatch('person'), [change(subject)]);
    }
  } finally {
    vi.useRealTimers();
  }
}

async function subjects(journal: Journal): Promise<string[]> {
  return (await journal.table.columns(['subject'])).map(({ subject }) => subject).sort();
}

test('a batch comes back as it was recorded, in order, and with nothing of another', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  const { journal } = store.tables;
  const batch = newBatch('person');
  const changes = Array.from({ length: 40 }, (_, n) => {
    const facts = { before: { n, text: "it's", list: [1, null] }, after: { n: n + 1 } };
    return change(`c${n}`, { kind: 'verdict', ...facts });
  });
  await journal.record(batch, changes.slice(0, 20));
  await journal.record(newBatch('caption'), [change('of another')]);
  await journal.record(batch, changes.slice(20));
  await journal.record(batch, []);
  await store.close();

  const rows = await (await openLibrary(folder)).tables.journal.ofBatch(batch.id);
  expect(rows).toMatchObject(changes);
  expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['person']));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(40);
});

test('changes that are too old are forgotten, and no newer one', async () => {
  const { journal } = (await openLibrary()).tables;
  await journal.prune(now);
  await recordAged(journal, {
    'of last year': 400,
    'just too old': 180.01,
    'just not': 179.99,
    new: 0,
  });
  await journal.prune(now);
  expect(await subjects(journal)).toEqual(['just not', 'new']);
  await journal.prune(now);
  expect(await subjects(journal)).toEqual(['just not', 'new']);
});

test('of too many changes the newest stay', async () => {
  const { journal } = (await openLibrary()).tables;
  const ages = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`c${n + 10}`, n]));
  await recordAged(journal, { ...ages, old: 300 });
  await journal.prune(now, 13);
  expect(await subjects(journal)).toEqual(Object.keys(ages));
  await journal.prune(now, 12);
  expect(await subjects(journal)).toEqual(Object.keys(ages));
  await journal.prune(now, 5);
  expect(await subjects(journal)).toEqual(['c10', 'c11', 'c12', 'c13', 'c14']);
});
