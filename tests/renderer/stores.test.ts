import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import { MedleyError } from '#shared/errors.ts';
import type { Activity } from '#shared/schemas/activity.ts';
import type { LibraryInfo } from '#shared/schemas/library.ts';
import type { PhotoLabel, Timeline } from '#shared/schemas/photos.ts';
import type { SearchProgress, SearchResult } from '#shared/schemas/search.ts';
import { useActivity } from '../../src/renderer/src/stores/activity.ts';
import { useLabels } from '../../src/renderer/src/stores/labels.ts';
import { useLibrary } from '../../src/renderer/src/stores/library.ts';
import { useModel } from '../../src/renderer/src/stores/model.ts';
import { usePassingNotices } from '../../src/renderer/src/composables/passing-notices.ts';
import { useNotices } from '../../src/renderer/src/stores/notices.ts';
import { usePhotoDetail } from '../../src/renderer/src/stores/photo-detail.ts';
import { usePreferences } from '../../src/renderer/src/stores/preferences.ts';
import { useSearch } from '../../src/renderer/src/stores/search.ts';
import { useSequence } from '../../src/renderer/src/stores/sequence.ts';
import { appWith } from './support/app-with.ts';
import { ScriptedEngine, type Script } from './support/scripted-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const id = (digit: string) => digit.repeat(32);

async function start(script: Script): Promise<ScriptedEngine> {
  const engine = new ScriptedEngine(script);
  await appWith(engine);
  return engine;
}

/** A library whose photos moved with the revision named. */
function info(photos: number, captioned = 0, photosRevision = photos): LibraryInfo {
  const folders = photos ? ['/p'] : [];
  const revisions = { revision: photosRevision + captioned, photosRevision };
  return {
    path: '/library',
    ...revisions,
    photos,
    missing: 0,
    embedded: photos,
    captioned,
    folders,
  };
}

function timeline(ids: string[], version = '1'): Timeline {
  return {
    ids,
    ratios: ids.map(() => 1.5),
    taken: ids.map(() => 0),
    precisions: ids.map(() => 'time'),
    colours: ids.map(() => 0),
    versions: ids.map(() => version),
  };
}

function label(photo: string, text: string | null): PhotoLabel {
  const caption =
    text === null ? null : { text, origin: 'machine' as const, confirmed: false, itm: 0.9 };
  return { id: photo, fileName: 'photo.jpg', caption, missing: false };
}

function confirmed({ caption, ...rest }: PhotoLabel): PhotoLabel {
  return { ...rest, caption: caption && { ...caption, confirmed: true } };
}

describe('library', () => {
  it('reads the timeline again when photos come in, but not with every event', async () => {
    let ids: string[] = [];
    const engine = await start({
      'library/info': () => info(ids.length),
      'photos/timeline': () => timeline(ids),
    });
    const library = useLibrary();
    await settle();
    expect(library.untouched).toBe(true);

    ids = [id('a'), id('b')];
    for (let at = 0; at < 20; at++) engine.emit('library/changed', info(2));
    await vi.advanceTimersByTimeAsync(5000);
    expect(library.timeline?.ids).toEqual(ids);
    expect(library.indexOf.get(id('b'))).toBe(1);
    expect(library.untouched).toBe(false);
    expect(engine.callsOf('photos/timeline').length).toBeLessThanOrEqual(3);

    const before = engine.callsOf('photos/timeline').length;
    engine.emit('library/changed', info(2));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(engine.callsOf('photos/timeline').length).toBe(before);
  });

  it('reads the timeline again when a photo was edited in place', async () => {
    let version = '1';
    const engine = await start({
      'library/info': () => info(1, 0, Number(version)),
      'photos/timeline': () => timeline([id('a')], version),
    });
    const library = useLibrary();
    await settle();
    expect(library.versionOf(id('a'))).toBe('1');
    version = '2';
    engine.emit('library/changed', info(1, 0, 2));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(library.versionOf(id('a'))).toBe('2');
    expect(library.versionOf(id('b'))).toBeNull();
  });

  it('keeps the reason when the library cannot be read', async () => {
    await start({
      'library/info': () => {
        throw new MedleyError('library-newer', 'Made by a newer Medley.');
      },
      'photos/timeline': () => timeline([]),
    });
    const library = useLibrary();
    await settle();
    expect(library.error).toBe('Made by a newer Medley.');
  });
});

describe('labels', () => {
  it('asks once for what came to rest on screen, and again once the library has changed', async () => {
    let text: string | null = null;
    let first = confirmed(label(id('a'), 'a dog'));
    const engine = await start({
      'photos/labels': (params) =>
        (params as { ids: string[] }).ids.map((photo) =>
          photo === id('a') ? first : label(photo, text),
        ),
    });
    const { labels, show } = useLabels();
    await settle();
    show([id('c')]);
    show([id('a'), id('b')]);
    await vi.advanceTimersByTimeAsync(500);
    show([id('a'), id('b')]);
    await vi.advanceTimersByTimeAsync(500);
    expect(engine.callsOf('photos/labels')).toEqual([{ ids: [id('a'), id('b')] }]);

    text = 'a cat';
    engine.emit('library/changed', info(2, 2));
    await vi.advanceTimersByTimeAsync(500);
    expect(labels.get(id('b'))?.caption?.text).toBe('a cat');

    // Another model has its say, and the person takes a confirmation back.
    text = 'a striped cat';
    first = label(id('a'), 'a dog');
    engine.emit('library/changed', info(2, 3));
    await vi.advanceTimersByTimeAsync(500);
    expect(labels.get(id('b'))?.caption?.text).toBe('a striped cat');
    expect(labels.get(id('a'))?.caption?.confirmed).toBe(false);
  });

  it('are asked for again on the way back to photos that work may have changed', async () => {
    const engine = await start({
      'photos/labels': (params) =>
        (params as { ids: string[] }).ids.map((photo) => label(photo, 'a dog')),
    });
    const { labels, show } = useLabels();
    await settle();
    show([id('a')]);
    await vi.advanceTimersByTimeAsync(500);
    show([id('b')]);
    await vi.advanceTimersByTimeAsync(500);
    engine.emit('library/changed', info(2, 2));
    await vi.advanceTimersByTimeAsync(500);
    expect([...labels.keys()]).toEqual([id('b')]);
    show([id('a')]);
    await vi.advanceTimersByTimeAsync(500);
    expect(engine.callsOf('photos/labels').at(-1)).toEqual({ ids: [id('a')] });
  });
});

describe('search', () => {
  const result = (photo: string, itm: number | null): SearchResult => ({
    ...label(photo, 'a dog'),
    file: '/p/photo.jpg',
    ratio: 1.5,
    colour: 0,
    itc: 0.4,
    itm,
    score: 0.4,
    matches: null,
    words: [],
  });
  const progress = (stage: SearchProgress['stage'], results: SearchResult[]): SearchProgress => ({
    stage,
    reranked: stage === 'shortlist' ? 0 : 1,
    shortlist: 2,
    results,
    above: null,
    line: null,
    searched: 2,
    more: false,
    total: null,
    notes: [],
    ms: { embed: 1, shortlist: 1, rerank: 1 },
  });
  const textOf = (params: unknown) => (params as { query: { text: string } }).query.text;
  const searches = (engine: ScriptedEngine) =>
    engine.calls.filter(({ method }) => method === 'search/run');

  it('shows the shortlist at once, then the re-ranked order, then where matches end', async () => {
    const done = Promise.withResolvers<SearchProgress>();
    const engine = await start({ 'search/run': () => done.promise });
    const search = useSearch();
    void search.run({ kind: 'text', text: 'a dog' });
    await settle();

    const shortlist = [result(id('a'), null), result(id('b'), null)];
    engine.tell('search/run', 0, progress('shortlist', shortlist));
    expect(search.results.map((one) => one.id)).toEqual([id('a'), id('b')]);
    expect([search.preliminary, search.reranking]).toEqual([true, null]);
    expect(search.above).toBeNull();

    const half = [result(id('b'), 0.9), result(id('a'), null)];
    engine.tell('search/run', 0, progress('rerank', half));
    expect(search.results.map((one) => one.id)).toEqual([id('b'), id('a')]);
    expect([search.preliminary, search.reranking]).toEqual([false, 0.5]);

    done.resolve({
      ...progress('done', [result(id('b'), 0.9), result(id('a'), 0.01)]),
      above: 1,
    });
    await settle();
    expect(search.running).toBe(false);
    expect(search.above).toBe(1);
  });

  it('ends the search before this one, and ignores what it still says', async () => {
    const first = Promise.withResolvers<SearchProgress>();
    const engine = await start({
      'search/run': (params) =>
        textOf(params) === 'old' ? first.promise : progress('done', [result(id('b'), 0.9)]),
    });
    const search = useSearch();
    void search.run({ kind: 'text', text: 'old' });
    await settle();
    engine.tell('search/run', 0, progress('rerank', [result(id('a'), 0.5)]));
    expect(search.reranking).toBe(0.5);
    void search.run({ kind: 'text', text: 'new' });
    await settle();
    expect(searches(engine).map(({ cancelled }) => cancelled)).toEqual([true, false]);
    engine.tell('search/run', 0, progress('rerank', [result(id('a'), 0.5)]));
    first.reject(new MedleyError('cancelled', 'Another search began.'));
    await settle();
    expect(search.results.map((one) => one.id)).toEqual([id('b')]);
    expect(search.error).toBeNull();
  });

  it('asks for more of the same, and shows what it has meanwhile', async () => {
    const found = [result(id('a'), 0.9), result(id('b'), 0.8)];
    const engine = await start({
      'search/run': () => ({ ...progress('done', found), more: true }),
    });
    const search = useSearch();
    await search.run({ kind: 'text', text: 'a dog' }, 'date');
    const further = Promise.withResolvers<SearchProgress>();
    engine.script['search/run'] = () => further.promise;
    void search.more();
    await settle();
    expect(searches(engine).map(({ params }) => params)).toEqual([
      { query: { kind: 'text', text: 'a dog' }, limit: 60, sort: 'date', pause: 250 },
      { query: { kind: 'text', text: 'a dog' }, limit: 62, sort: 'date', pause: 0 },
    ]);
    engine.tell('search/run', 1, progress('shortlist', [result(id('c'), null)]));
    expect(search.results.map((one) => one.id)).toEqual([id('a'), id('b')]);
    expect(search.growing).toBe(true);
    void search.more();
    expect(searches(engine)).toHaveLength(2);

    further.resolve(progress('done', [...found, result(id('c'), 0.1)]));
    await settle();
    expect(search.results.map((one) => one.id)).toEqual([id('a'), id('b'), id('c')]);
    expect(search.growing).toBe(false);
    await search.more();
    expect(searches(engine)).toHaveLength(2);
  });

  it('asks for more no further once there is none, whatever is promised', async () => {
    const found = { ...progress('done', [result(id('a'), 0.9)]), more: true };
    const engine = await start({ 'search/run': () => found });
    const search = useSearch();
    await search.run({ kind: 'text', text: 'a dog' });
    expect(search.further).toBe(true);
    await search.more();
    expect(search.further).toBe(false);
    await search.more();
    expect(searches(engine)).toHaveLength(2);
  });

  it('ends when it is cleared', async () => {
    const engine = await start({ 'search/run': () => new Promise<SearchProgress>(() => {}) });
    const search = useSearch();
    void search.run({ kind: 'text', text: 'a dog' });
    await settle();
    search.clear();
    expect(searches(engine)[0]?.cancelled).toBe(true);
    await settle();
    expect([search.running, search.error]).toEqual([false, null]);
  });

  it('is run again when Medley comes back in the middle of it', async () => {
    const found = progress('done', [result(id('b'), 0.9)]);
    const engine = await start({ 'search/run': () => new Promise<SearchProgress>(() => {}) });
    const search = useSearch();
    void search.run({ kind: 'text', text: 'a dog' });
    await settle();
    engine.close();
    await settle();
    expect([search.running, search.error]).toEqual([false, expect.stringContaining('stopped')]);
    engine.script['search/run'] = () => found;
    await vi.advanceTimersByTimeAsync(500);
    expect(search.results.map((one) => one.id)).toEqual([id('b')]);
    expect(search.error).toBeNull();
  });

  it('says why one failed', async () => {
    const error = new MedleyError('device-unavailable', 'The device was lost.');
    await start({
      'search/run': () => {
        throw error;
      },
    });
    const search = useSearch();
    await search.run({ kind: 'text', text: 'a dog' });
    expect(search.error).toBe('The device was lost.');
    expect(search.refused).toBe(false);
    search.clear();
    expect(search.error).toBeNull();
  });

  it('tells what cannot be looked for from what may work when it is tried again', async () => {
    const error = new MedleyError('bad-request', 'There is no word in “🐕‍🦺”.');
    await start({
      'search/run': () => {
        throw error;
      },
    });
    const search = useSearch();
    await search.run({ kind: 'text', text: '🐕‍🦺' });
    expect([search.refused, search.error]).toEqual([true, error.message]);
  });
});

describe('activity', () => {
  const stage = (name: 'import' | 'embed' | 'caption', done: number, failed = 0) => ({
    name,
    words: { title: `Title of ${name}`, doing: `Doing ${name}`, purpose: `What ${name} is for.` },
    done,
    total: 10,
    failed,
    rate: null,
  });
  const running = (...stages: Activity['stages']): Activity => ({
    state: 'running',
    looking: false,
    stages,
    secondsLeft: 10,
    failures: stages.reduce((sum, { failed }) => sum + failed, 0),
    problem: null,
  });

  it('names the last stage under way', async () => {
    const engine = await start({
      'activity/get': () => running(stage('import', 9, 1), stage('embed', 0), stage('caption', 0)),
      'activity/failures': () => [
        {
          file: '/p/broken.jpg',
          stage: 'Title of import',
          code: 'image-corrupt',
          error: 'Truncated.',
        },
      ],
    });
    const store = useActivity();
    await settle();
    expect(store.current?.name).toBe('embed');
    expect(store.failures.map(({ file }) => file)).toEqual(['/p/broken.jpg']);

    engine.emit('activity/changed', running(stage('import', 10), stage('embed', 8)));
    expect(store.current?.name).toBe('embed');
    engine.emit('activity/changed', running(stage('import', 10), stage('embed', 10)));
    await settle();
    expect(store.current).toBeNull();
    expect(store.failures).toEqual([]);
  });
});

describe('model', () => {
  it('follows its state and keeps the device that was chosen', async () => {
    const engine = await start({
      'model/status': () => ({
        state: 'loading',
        model: null,
        device: null,
        batches: null,
        error: null,
      }),
      'settings/get': () => ({
        device: 'auto',
        modelFolder: null,
        captionerFolder: null,
        adopting: null,
        previous: null,
        writing: { target: 'sidecar', keepTimes: false, mark: true },
      }),
      'settings/set': () => ({
        device: 'cpu',
        modelFolder: null,
        captionerFolder: null,
        adopting: null,
        previous: null,
        writing: { target: 'sidecar', keepTimes: false, mark: true },
      }),
    });
    const store = useModel();
    await settle();
    expect(store.status?.state).toBe('loading');
    engine.emit('model/changed', {
      state: 'failed',
      model: null,
      device: null,
      batches: null,
      error: 'Torn.',
    });
    expect(store.status?.error).toBe('Torn.');
    await store.choose({ device: 'cpu' });
    expect(engine.callsOf('settings/set')).toEqual([{ device: 'cpu' }]);
    expect(store.settings?.device).toBe('cpu');
  });
});

describe('photo detail', () => {
  it('shows the photo asked for last, whichever answer comes last', async () => {
    const detail = (photo: string) => ({
      id: photo,
      files: [],
      format: 'jpeg',
      missing: false,
      bytes: 1,
      width: 1,
      height: 1,
      taken: null,
      camera: null,
      lens: null,
      exposure: null,
      location: null,
      keywords: [],
      captions: [],
      notices: [],
    });
    const slow = Promise.withResolvers<ReturnType<typeof detail>>();
    const engine = await start({
      'photos/get': (params) =>
        (params as { id: string }).id === id('a') ? slow.promise : detail(id('b')),
    });
    const store = usePhotoDetail();
    void store.load(id('a'));
    await store.load(id('b'));
    slow.resolve(detail(id('a')));
    await settle();
    expect(store.detail?.id).toBe(id('b'));

    engine.emit('library/changed', info(2));
    await settle();
    expect(engine.callsOf('photos/get').at(-1)).toEqual({ id: id('b') });
    store.close();
    engine.emit('library/changed', info(3));
    await settle();
    expect(engine.callsOf('photos/get')).toHaveLength(3);
    expect(store.detail).toBeNull();
  });
});

describe('a decision about a caption', () => {
  it('is told of the photo that is open, which is then read again', async () => {
    const engine = await start({
      'photos/get': () => {
        throw new MedleyError('photo-unknown', 'Not asked for its facts here.');
      },
      'captions/decide': () => 'batch',
    });
    const store = usePhotoDetail();
    await store.decide('c1', 'confirmed');
    expect(engine.callsOf('captions/decide')).toEqual([]);

    await store.load(id('a'));
    await store.decide('c1', 'withdrawn');
    expect(engine.callsOf('captions/decide')).toEqual([
      { captionId: 'c1', photoId: id('a'), verdict: 'withdrawn' },
    ]);
    expect(engine.callsOf('photos/get')).toHaveLength(2);
  });
});

describe('notices', () => {
  it('keep the latest three, repeat none, and report a failed action', async () => {
    const engine = await start({});
    const store = useNotices();
    await settle();
    for (const message of ['one', 'two', 'three', 'two', 'four']) {
      engine.emit('notice', { level: 'info', message });
    }
    expect(store.notices.map(({ message }) => message)).toEqual(['three', 'two', 'four']);
    store.dismiss(store.notices[0].id);
    await store.attempt(() => Promise.reject(new MedleyError('internal', 'It broke.')));
    expect(store.notices.map(({ message }) => message)).toEqual(['two', 'four', 'It broke.']);
    expect(store.earlier.map(({ message }) => message)).toEqual(['one']);
  });

  it('go by themselves where they only inform, and are kept, but never while held', async () => {
    const engine = await start({});
    const store = useNotices();
    const held = ref(false);
    const scope = effectScope();
    scope.run(() => usePassingNotices(held));
    await settle();
    const shown = () => store.notices.map(({ message }) => message);
    engine.emit('notice', { level: 'info', message: 'news' });
    engine.emit('notice', { level: 'warning', message: 'danger' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown()).toEqual(['news', 'danger']);
    held.value = true;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(shown()).toEqual(['news', 'danger']);
    held.value = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown()).toEqual(['news', 'danger']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(shown()).toEqual(['danger']);
    expect(store.earlier.map(({ message }) => message)).toEqual(['news']);

    engine.emit('notice', { level: 'info', message: 'long '.repeat(100) });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(shown()).toHaveLength(2);
    scope.stop();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(shown()).toHaveLength(2);
  });
});

describe('what needs no engine', () => {
  it('walks a sequence and stops at its ends', async () => {
    await start({});
    const sequence = useSequence();
    sequence.start([id('a'), id('b')]);
    expect(sequence.neighbour(id('a'), 1)).toBe(id('b'));
    expect(sequence.neighbour(id('b'), 1)).toBeNull();
    expect(sequence.neighbour(id('a'), -1)).toBeNull();
    expect(sequence.neighbour(id('c'), -1)).toBeNull();
  });

  it('makes photos larger and smaller within bounds', async () => {
    await start({});
    const preferences = usePreferences();
    for (let at = 0; at < 9; at++) preferences.zoom(1);
    expect(preferences.rowHeight).toBe(320);
    preferences.zoom(-1);
    expect(preferences.rowHeight).toBe(230);
    for (let at = 0; at < 9; at++) preferences.zoom(-1);
    expect(preferences.rowHeight).toBe(120);
  });
});
