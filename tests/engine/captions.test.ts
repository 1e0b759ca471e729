import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { NewText } from '#shared/schemas/captions.ts';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { ReviewAnswer } from '#shared/schemas/review.ts';
import { altTextField } from '#shared/text-purpose.ts';
import { HashModel } from '../support/hash-model.ts';
import { makePhotos } from '../support/photo-folder.ts';

let folder: string;
let engine: Engine;
let photoId: string;

async function open(model = new HashModel()): Promise<void> {
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-captions-'));
  await makePhotos(join(folder, 'photos'), 2);
  await open();
  await indexFolder(engine, join(folder, 'photos'));
  [photoId] = (await engine.handlers['photos/timeline'](null)).ids;
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const captions = async () => (await engine.handlers['photos/get']({ id: photoId })).captions;
const texts = async () => (await captions()).map(({ text }) => text);
const title = async () =>
  (await engine.handlers['photos/labels']({ ids: [photoId] }))[0].caption?.text;
const write = (
  text: string,
  replaces: string | null = null,
  purpose: 'caption' | 'alt' = 'caption',
) => engine.handlers['captions/write']({ photoId, purpose, text, replaces });
const erase = (captionId: string) => engine.handlers['captions/erase']({ photoId, captionId });
const undo = (batchId: string) => engine.handlers['journal/undo']({ batchId });

describe('a text that a person writes', () => {
  it('stands before the model’s, is theirs, and is scored', async () => {
    const [machine] = await texts();
    await write('Two boats at the quay');
    await engine.idle();
    expect(await captions()).toMatchObject([
      { text: 'Two boats at the quay', origin: 'person', confirmed: true, field: null },
      { text: machine, origin: 'machine', confirmed: false },
    ]);
    expect((await captions())[0].itmModelId).toBe('hash@000000000000');
    expect(await title()).toBe('Two boats at the quay');
  });

  it('takes the place of another, which is set aside and not lost', async () => {
    const [machine] = await captions();
    const batch = await write('A quay', machine.id);
    expect(await texts()).toEqual(['A quay']);
    expect((await engine.store.tables.captions.of([photoId])).map(({ text }) => text)).toContain(
      machine.text,
    );
    expect(await undo(batch)).toMatchObject({ restored: 2, left: 0 });
    expect(await captions()).toMatchObject([{ id: machine.id, confirmed: false }]);
  });

  it('is alt text where it is meant to be, which may say that the picture is decorative', async () => {
    const [machine] = await captions();
    await write('', null, 'alt');
    expect(await captions()).toMatchObject([
      { text: '', field: altTextField, confirmed: true },
      { id: machine.id },
    ]);
    expect(await title()).toBe(machine.text);
    const blank = { photoId, text: '  ', replaces: null };
    expect(NewText.safeParse({ ...blank, purpose: 'alt' }).success).toBe(true);
    expect(NewText.safeParse({ ...blank, purpose: 'caption' }).success).toBe(false);
  });

  it('is refused of no photo, and in place of another photo’s text', async () => {
    const { ids } = await engine.handlers['photos/timeline'](null);
    const [caption] = (await engine.handlers['photos/get']({ id: ids[1] })).captions;
    await expect(write('A quay', caption.id)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await texts()).not.toContain('A quay');
    const nowhere = {
      photoId: '0'.repeat(32),
      purpose: 'caption',
      text: 'A',
      replaces: null,
    } as const;
    await expect(engine.handlers['captions/write'](nowhere)).rejects.toMatchObject({
      code: 'photo-unknown',
    });
  });

  it('outlives the loss of the database’s rows in the file of decisions', async () => {
    const [machine] = await captions();
    await write('A quay', machine.id);
    await erase((await captions())[0].id);
    await write('A pier');
    const lines = (await readFile(join(folder, 'library/decisions.jsonl'), 'utf8')).trim();
    const [kept, ...others] = lines.split('\n').map((line) => JSON.parse(line));
    expect(others).toEqual([]);
    const verdicts = new Map(
      kept.verdicts.map(({ captionId, verdict }: Record<string, string>) => [captionId, verdict]),
    );
    expect(
      kept.captions.map(({ id, text }: Record<string, string>) => [text, verdicts.get(id)]).sort(),
    ).toEqual([
      ['A pier', 'confirmed'],
      ['A quay', 'withdrawn'],
      [machine.text, 'rejected'],
    ]);
  });
});

describe('a text that is erased', () => {
  it('is not shown, nor waited for, nor written again, and can be had back', async () => {
    const [machine] = await captions();
    const batch = await erase(machine.id);
    await engine.idle();
    expect(await captions()).toEqual([]);
    expect(await title()).toBeUndefined();

    const again = await undo(batch);
    expect(await texts()).toEqual([machine.text]);
    // What was taken back can be taken back in turn.
    await undo(again.batchId);
    expect(await captions()).toEqual([]);

    await engine.close();
    const other = new HashModel('other');
    await open(other);
    await indexFolder(engine, join(folder, 'photos'));
    expect(await captions()).toMatchObject([{ modelId: other.info.id }]);
  });

  it('stays as it is where it was decided on since', async () => {
    await write('A quay');
    const [own] = await captions();
    const batch = await erase(own.id);
    await engine.handlers['captions/decide']({ photoId, captionId: own.id, verdict: 'confirmed' });
    expect(await undo(batch)).toMatchObject({ restored: 0, left: 1 });
    expect((await captions())[0].text).toBe('A quay');
  });
});

describe('a suggestion', () => {
  it('is sampled anew each time, with its match, and says how it was made', async () => {
    const suggest = () => engine.handlers['captions/suggest']({ photoId });
    const [first, second] = [await suggest(), await suggest()];
    expect(first).toHaveLength(4);
    const matches = first.map(({ itm }) => itm ?? -1);
    expect(matches).toEqual(matches.toSorted((a, b) => b - a));
    expect(first[0]).toMatchObject({
      modelId: 'hash@000000000000',
      decoding: { method: 'nucleus', topP: 0.9 },
    });
    expect(second.map(({ text }) => text)).not.toEqual(first.map(({ text }) => text));
    // Nothing is kept of what was not taken.
    expect(await captions()).toHaveLength(1);
  });

  it('is taken as the model’s, confirmed, in place of another', async () => {
    const [machine] = await captions();
    const [{ text, modelId, decoding }] = await engine.handlers['captions/suggest']({ photoId });
    const accept = { photoId, purpose: 'caption', text, modelId, decoding } as const;
    const batch = await engine.handlers['captions/accept']({ ...accept, replaces: machine.id });
    expect(await captions()).toMatchObject([
      { text, origin: 'machine', confirmed: true, modelId, decoding },
    ]);
    await undo(batch);
    expect(await captions()).toMatchObject([{ id: machine.id, confirmed: false }]);

    // As alt text it is another text than as caption.
    await engine.handlers['captions/accept']({ ...accept, replaces: null });
    await engine.handlers['captions/accept']({ ...accept, purpose: 'alt', replaces: null });
    expect(
      (await captions()).filter((caption) => caption.text === text).map(({ field }) => field),
    ).toEqual(expect.arrayContaining([null, altTextField]));
  });

  it('is refused by a model that writes none', async () => {
    await engine.close();
    await open(new HashModel('matcher', { matching: true, captioning: false }));
    await expect(engine.handlers['captions/suggest']({ photoId })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('an answer of the review', () => {
  const answer = (
    captionId: string | null,
    given: ReviewAnswer,
    purpose: TextPurpose = 'caption',
  ) =>
    engine.handlers['review/answer']({
      answers: [{ photoId, captionId, purpose, answer: given }],
    });

  it('keeps, takes, corrects and erases, and can be taken back', async () => {
    const [machine] = await captions();
    const [{ text, modelId, decoding }] = await engine.handlers['captions/suggest']({ photoId });
    const proposal = { text, itm: 0.9, modelId, decoding };
    const outcomes: [ReviewAnswer, object[]][] = [
      [{ kind: 'keep' }, [{ id: machine.id, confirmed: true }]],
      [{ kind: 'accept', proposal }, [{ text, origin: 'machine', confirmed: true, modelId }]],
      [{ kind: 'edit', text: 'A quay' }, [{ text: 'A quay', origin: 'person', confirmed: true }]],
      [{ kind: 'erase' }, []],
    ];
    for (const [given, outcome] of outcomes) {
      const batch = await answer(machine.id, given);
      const after = await captions();
      expect(after).toHaveLength(outcome.length);
      expect(after).toMatchObject(outcome);
      await undo(batch);
      expect(await captions()).toMatchObject([{ id: machine.id, confirmed: false }]);
    }
  });

  it('says of a picture that it is decorative, in place of its alt text', async () => {
    await write('A pier', null, 'alt');
    const [own] = (await captions()).filter(({ field }) => field === altTextField);
    const batch = await answer(own.id, { kind: 'decorative' }, 'alt');
    const alt = async () => (await captions()).filter(({ field }) => field === altTextField);
    expect(await alt()).toMatchObject([{ text: '', origin: 'person' }]);
    await undo(batch);
    expect(await alt()).toMatchObject([{ text: 'A pier' }]);
  });

  it('is one act with others', async () => {
    const { ids } = await engine.handlers['photos/timeline'](null);
    const both = await Promise.all(
      ids.map(async (id) => {
        const [{ id: captionId }] = (await engine.handlers['photos/get']({ id })).captions;
        const given: ReviewAnswer = { kind: 'erase' };
        return { photoId: id, captionId, purpose: 'caption' as const, answer: given };
      }),
    );
    const batch = await engine.handlers['review/answer']({ answers: both });
    expect(await captions()).toEqual([]);
    expect(await undo(batch)).toMatchObject({ restored: 2 });
  });

  it('is refused of a text that is not there', async () => {
    await expect(answer(null, { kind: 'keep' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(answer('nothing', { kind: 'erase' })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

it('tells what became of the texts of a photo, newest first', async () => {
  const [machine] = await captions();
  await write('A quay', machine.id);
  await erase((await captions())[0].id);
  const history = await engine.handlers['captions/history']({ photoId });
  expect(history.map(({ what, caption, shown }) => [what, caption.text, shown])).toEqual([
    ['withdrawn', 'A quay', false],
    ['rejected', machine.text, false],
    ['written', 'A quay', false],
    ['written', machine.text, false],
  ]);
  expect(history.map(({ by }) => by)).toEqual(['person', 'person', null, null]);
});
