import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ListedModel } from '#shared/schemas/models.ts';
import { modelState, rolesInWords, useWords } from '../../src/renderer/src/format/model-words.ts';
import { shownDownloads } from '../../src/renderer/src/format/shown-downloads.ts';
import { useModels } from '../../src/renderer/src/stores/models.ts';
import { appWith } from './support/app-with.ts';
import { downloadTask, readingTask } from './support/some-tasks.ts';
import { ScriptedEngine } from './support/scripted-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

function model(name: string, change: Partial<ListedModel> = {}): ListedModel {
  return {
    name,
    folder: `/models/${name}`,
    source: 'hub',
    origin: `someone/${name}`,
    revision: 'c'.repeat(40),
    addedAt: '2026-01-01T00:00:00Z',
    bytes: 1e9,
    facts: {
      id: `${name}@0123456789ab`,
      roles: { matching: true, captioning: true },
      parameters: 2e8,
      imageSize: 384,
      dtype: 'f32',
    },
    license: null,
    problem: null,
    ...change,
  };
}

const onDisk = (name: string, done: number) => ({
  origin: `someone/${name}`,
  name,
  done,
  total: 990e6,
  files: [],
});

it('a model is called as it is listed, though its id has the name of what it was trained on', async () => {
  const trained = model('starter-captions');
  const facts = { ...trained.facts, id: 'starter@d89a20e35934' };
  await appWith(
    new ScriptedEngine({
      'models/list': () => ({ models: [{ ...trained, facts }], downloads: [] }),
      'tasks/list': () => [],
    }),
  );
  const store = useModels();
  await settle();
  expect(store.nameOf('starter@d89a20e35934')).toBe('starter-captions');
  expect(store.nameOf('starter@5d9039994d2b')).toBe('starter');
});

it('models are listed with those on their way, and follow the engine', async () => {
  const engine = new ScriptedEngine({
    'models/list': () => ({ models: [model('a')], downloads: [onDisk('b', 1e6)] }),
    'tasks/list': () => [downloadTask('b'), readingTask('a')],
  });
  await appWith(engine);
  const store = useModels();
  await settle();
  expect(store.downloads).toMatchObject([{ name: 'b', running: 'task b', share: 312 / 990 }]);
  expect(store.readings.map(({ name }) => name)).toEqual(['a']);

  engine.emit('models/changed', { models: [model('a'), model('b')], downloads: [] });
  engine.emit('tasks/changed', [downloadTask('b', { state: 'done' })]);
  expect(store.list?.models.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(store.downloads).toEqual([]);
  expect(store.readings).toEqual([]);
});

describe('the downloads shown', () => {
  it('are those that run or failed, and those on disk that nobody is at', () => {
    const shown = shownDownloads(
      [
        downloadTask('runs'),
        downloadTask('failed', { state: 'failed', error: 'No network.' }),
        downloadTask('stopped', { state: 'cancelled' }),
        downloadTask('done', { state: 'done' }),
        readingTask('read'),
      ],
      [onDisk('failed', 400e6), onDisk('stopped', 312e6), onDisk('earlier', 1e6)],
    );
    expect(shown).toMatchObject([
      {
        origin: 'someone/runs',
        running: 'task runs',
        words: '312 MB of 990 MB · 11.2 MB a second · about 1 minute left',
        error: null,
      },
      {
        origin: 'someone/failed',
        running: null,
        words: 'Stopped at 312 MB of 990 MB',
        error: 'No network.',
      },
      {
        origin: 'someone/stopped',
        running: null,
        words: 'Stopped at 312 MB of 990 MB',
        error: null,
      },
      { origin: 'someone/earlier', running: null, words: 'Stopped at 1 MB of 990 MB', error: null },
    ]);
  });

  it('are merely stopped where nobody knows how much there is', () => {
    const [shown] = shownDownloads([], [{ ...onDisk('a', 5), total: null }]);
    expect(shown).toMatchObject({ words: 'Stopped', share: null });
  });
});

describe('the words for', () => {
  const chosen = (matching: string, captioning = matching) => ({
    matching: `/models/${matching}`,
    captioning: `/models/${captioning}`,
  });
  const roles = (matching: boolean, captioning: boolean) => ({ matching, captioning });

  it.each([
    [roles(true, true), 'Search and captions'],
    [roles(true, false), 'Search'],
    [roles(false, true), 'Captions'],
  ])('roles %j: %s', (given, words) => {
    expect(rolesInWords(given)).toBe(words);
  });

  it.each([
    [model('a'), chosen('a'), 'In use'],
    [model('a'), chosen('a', 'b'), 'In use for search'],
    [model('a'), chosen('b', 'a'), 'In use for captions'],
    [model('a'), chosen('b'), 'Ready'],
    [model('a', { problem: 'Torn.' }), chosen('a'), 'Broken'],
    [
      model('a', { facts: { ...model('a').facts, roles: roles(true, false) } }),
      chosen('a'),
      'In use for search',
    ],
  ])('the state of a model', (given, folders, words) => {
    expect(modelState(given, folders).words).toBe(words);
  });

  const only = (matching: boolean, captioning: boolean) =>
    model('a', { facts: { ...model('a').facts, roles: roles(matching, captioning) } });

  it.each([
    [model('a'), chosen('b'), 'Use'],
    [model('a'), chosen('a'), null],
    [model('a'), chosen('b', 'a'), 'Use for search'],
    [model('a'), chosen('a', 'b'), 'Use for captions'],
    [only(true, false), chosen('b'), 'Use for search'],
    [only(true, false), chosen('a', 'b'), null],
    [only(false, true), chosen('b'), 'Use for captions'],
    [model('a', { problem: 'Torn.' }), chosen('b'), null],
  ])('what a model can be put to', (given, folders, words) => {
    expect(useWords(given, folders)).toBe(words);
  });
});
