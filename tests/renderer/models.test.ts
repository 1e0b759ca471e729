import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import type {
  DownloadStatus,
  ListedModel,
  ModelList,
  ReadingStatus,
} from '#shared/schemas/models.ts';
import {
  downloadWords,
  modelState,
  readingWords,
  rolesInWords,
  useWords,
} from '../../src/renderer/src/format/model-words.ts';
import { useModels } from '../../src/renderer/src/stores/models.ts';
import { useNotices } from '../../src/renderer/src/stores/notices.ts';
import { appWith } from './support/app-with.ts';
import { ScriptedEngine, type Script } from './support/scripted-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

async function start(script: Script): Promise<ScriptedEngine> {
  const engine = new ScriptedEngine(script);
  await appWith(engine);
  return engine;
}

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
    problem: null,
    ...change,
  };
}

function download(name: string, change: Partial<DownloadStatus> = {}): DownloadStatus {
  return {
    origin: `someone/${name}`,
    name,
    state: 'fetching',
    done: 312e6,
    total: 990e6,
    files: [],
    rate: 11.2e6,
    secondsLeft: 61,
    error: null,
    ...change,
  };
}

const list = (
  models: ListedModel[],
  downloads: DownloadStatus[] = [],
  readings: ReadingStatus[] = [],
): ModelList => ({ models, downloads, readings });
function reading(name: string, change: Partial<ReadingStatus> = {}): ReadingStatus {
  const folder = `/models/${name}`;
  return { folder, name, purpose: 'check', share: 0.31, secondsLeft: 61, ...change };
}
const messages = () => useNotices().notices.map(({ message }) => message);

describe('models', () => {
  it('follow a download, and say when its model is here', async () => {
    const engine = await start({ 'models/list': () => list([model('a')], [download('b')]) });
    const store = useModels();
    await settle();
    expect(store.running?.name).toBe('b');
    engine.emit('models/progress', download('b', { done: 400e6 }));
    expect(store.list?.downloads[0]?.done).toBe(400e6);
    engine.emit('models/progress', download('unknown'));
    expect(store.list?.downloads).toHaveLength(1);

    engine.emit('models/changed', list([model('a'), model('b')]));
    expect(store.running).toBeNull();
    expect(messages()).toEqual(['b is here and ready to use.']);
    engine.emit('models/changed', list([model('a'), model('b')]));
    expect(messages()).toHaveLength(1);
  });

  it('are no news when they were not downloaded here', async () => {
    const engine = await start({ 'models/list': () => list([]) });
    useModels();
    await settle();
    engine.emit('models/changed', list([model('own', { source: 'folder', origin: null })]));
    expect(messages()).toEqual([]);
  });

  it('follow a check, and say what it found, unless it was stopped', async () => {
    const engine = await start({ 'models/list': () => list([model('a')], [], [reading('a')]) });
    const store = useModels();
    const { attempt } = useNotices();
    await settle();
    engine.emit('models/reading', reading('a', { share: 0.5 }));
    engine.emit('models/reading', reading('unknown'));
    expect(store.list?.readings).toEqual([reading('a', { share: 0.5 })]);

    engine.script['models/verify'] = () => model('a').facts;
    await attempt(() => store.verify('a'));
    expect(messages()).toEqual(['a is whole: every byte is as it should be.']);
    for (const code of ['cancelled', 'checkpoint-invalid'] as const) {
      engine.script['models/verify'] = () => Promise.reject(new MedleyError(code, `It: ${code}.`));
      await attempt(() => store.verify('a'));
    }
    expect(messages().slice(1)).toEqual(['It: checkpoint-invalid.']);
  });
});

it('models say when a folder has joined them', async () => {
  const engine = await start({ 'models/list': () => list([]), 'models/add': () => null });
  await settle();
  await useModels().add('/mine');
  expect(engine.callsOf('models/add')).toEqual([{ folder: '/mine' }]);
  expect(messages()).toEqual(['The model of /mine is ready to use.']);
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

  it.each([
    [download('a'), '312 MB of 990 MB · 11.2 MB a second · about 1 minute left'],
    [download('a', { rate: null, secondsLeft: null }), '312 MB of 990 MB'],
    [download('a', { total: null, rate: null, secondsLeft: null }), '312 MB'],
    [
      download('a', { state: 'listing', done: 0, total: null }),
      'Asking what there is to download…',
    ],
    [download('a', { state: 'checking', done: 990e6 }), 'Checking 990 MB of 990 MB…'],
    [download('a', { state: 'stopped' }), 'Stopped at 312 MB of 990 MB'],
    [download('a', { state: 'stopped', total: null }), 'Stopped'],
  ])('a download', (given, words) => {
    expect(downloadWords(given)).toBe(words);
  });

  it.each([
    [reading('a'), 'Checking: 31 % · about 1 minute left'],
    [reading('a', { purpose: 'add', secondsLeft: null }), 'Reading: 31 %'],
    [reading('a', { share: null, secondsLeft: null }), 'Checking…'],
  ])('a reading', (given, words) => {
    expect(readingWords(given)).toBe(words);
  });
});
