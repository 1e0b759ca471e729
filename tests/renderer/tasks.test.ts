import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Task } from '#shared/schemas/tasks.ts';
import { endWords, taskTitle, taskWords } from '../../src/renderer/src/format/task-words.ts';
import { useNotices } from '../../src/renderer/src/stores/notices.ts';
import { useTasks } from '../../src/renderer/src/stores/tasks.ts';
import { appWith } from './support/app-with.ts';
import { ScriptedEngine } from './support/scripted-engine.ts';
import { downloadTask, indexTask, readingTask, trainingTask } from './support/some-tasks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function start(tasks: Task[]) {
  const engine = new ScriptedEngine({ 'tasks/list': () => tasks });
  await appWith(engine);
  const store = useTasks();
  await vi.advanceTimersByTimeAsync(0);
  return { engine, store };
}

const messages = () => useNotices().notices.map(({ level, message }) => [level, message]);

describe('tasks', () => {
  it('follow the engine', async () => {
    const { engine, store } = await start([indexTask({ state: 'paused' }), downloadTask('b')]);
    expect(store.running.map(({ name }) => name)).toEqual(['b']);
    expect(store.index?.state).toBe('paused');
    const progress = { ...downloadTask('b').progress, done: 400e6 };
    engine.emit('tasks/progress', downloadTask('b', { progress }));
    expect(store.running[0]?.progress.done).toBe(400e6);
    engine.emit('tasks/progress', downloadTask('unknown'));
    expect(store.tasks).toHaveLength(2);
    engine.emit('tasks/changed', []);
    expect(store.running).toEqual([]);
    expect(store.index).toBeNull();
  });

  it.each([
    [downloadTask('b', { state: 'done' }), 'info', 'b is here and ready to use.'],
    [readingTask('b', { state: 'done' }), 'info', 'b is whole: every byte is as it should be.'],
    [
      readingTask('b', { kind: 'model-add', state: 'done' }),
      'info',
      'The model of /models/b is ready to use.',
    ],
    [readingTask('b', { state: 'failed', error: 'It is torn.' }), 'warning', 'It is torn.'],
  ])('are news once, when they end', async (end, level, message) => {
    const { engine } = await start([{ ...end, state: 'running', error: null }]);
    engine.emit('tasks/changed', [end]);
    expect(messages()).toEqual([[level, message]]);
    useNotices().dismiss(useNotices().notices[0]?.id ?? 0);
    engine.emit('tasks/changed', [end, downloadTask('c')]);
    expect(messages()).toEqual([]);
  });

  it('are no news when they were stopped, or had ended before anybody looked', async () => {
    const failed = downloadTask('c', { state: 'failed', error: 'No network.' });
    const { engine } = await start([failed, downloadTask('b'), indexTask()]);
    engine.emit('tasks/changed', [
      failed,
      downloadTask('b', { state: 'cancelled' }),
      indexTask({ state: 'done' }),
    ]);
    expect(messages()).toEqual([]);
  });

  it('can be stopped, dismissed and begun again', async () => {
    const { engine, store } = await start([]);
    engine.script['tasks/cancel'] = () => null;
    engine.script['tasks/dismiss'] = () => null;
    engine.script['tasks/resume'] = () => null;
    engine.script['training/start'] = () => null;
    for (const method of ['models/download', 'models/add', 'models/verify'] as const) {
      engine.script[method] = () => 'new';
    }
    await store.cancel('x');
    await store.dismiss('y');
    await store.again(downloadTask('a'));
    await store.again(readingTask('b', { kind: 'model-add' }));
    await store.again(readingTask('c'));
    await store.again(trainingTask('d'));
    await store.again(indexTask());
    const calls = engine.calls.map(({ method, params }) => ({ method, params }));
    expect(calls.slice(-7)).toEqual([
      { method: 'tasks/cancel', params: { id: 'x' } },
      { method: 'tasks/dismiss', params: { id: 'y' } },
      { method: 'models/download', params: { source: 'someone/a' } },
      { method: 'models/add', params: { folder: '/models/b' } },
      { method: 'models/verify', params: { name: 'c' } },
      { method: 'training/start', params: { goal: 'retrieval', imageBlocks: 2 } },
      { method: 'tasks/resume', params: { id: 'index' } },
    ]);
  });
});

describe('the words for', () => {
  const progress = (change: Partial<Task['progress']>) => ({
    progress: { ...downloadTask('a').progress, ...change },
  });
  const unknown = { done: 0, total: null, rate: null, secondsLeft: null };

  it.each([
    [downloadTask('a'), 'Download of a'],
    [readingTask('a'), 'Check of a'],
    [readingTask('a', { kind: 'model-add' }), 'Reading of a'],
    [indexTask(), 'Photos'],
  ])('a task', (task, title) => {
    expect(taskTitle(task)).toBe(title);
  });

  it.each([
    [downloadTask('a'), '312 MB of 990 MB · 11.2 MB a second · about 1 minute left'],
    [downloadTask('a', progress({ rate: null, secondsLeft: null })), '312 MB of 990 MB'],
    [downloadTask('a', progress({ total: null, rate: null, secondsLeft: null })), '312 MB'],
    [
      downloadTask('a', { phase: 'listing', ...progress(unknown) }),
      'Asking what there is to download…',
    ],
    [
      downloadTask('a', { phase: 'checking', ...progress({ done: 990e6 }) }),
      'Checking 990 MB of 990 MB…',
    ],
    [readingTask('a'), 'Checking: 31\u00a0% · about 1 minute left'],
    [
      readingTask('a', {
        kind: 'model-add',
        progress: { ...readingTask('a').progress, secondsLeft: null },
      }),
      'Reading: 31\u00a0%',
    ],
    [readingTask('a', progress(unknown)), 'Checking…'],
    [trainingTask('a', { stage: 'features', ...progress(unknown) }), 'Looking at the photos…'],
    [trainingTask('a'), 'Learning: 50\u00a0% · about 1 minute left'],
    [
      trainingTask('a', { stage: 'comparison', ...progress(unknown) }),
      'Comparing before and after…',
    ],
  ])('how a task is going', (task, words) => {
    expect(taskWords(task)).toBe(words);
    expect(endWords(task)).toBe(words);
  });

  it.each([
    [downloadTask('a', { state: 'done' }), 'Done'],
    [readingTask('a', { state: 'done' }), 'Whole: every byte is as it should be'],
    [downloadTask('a', { state: 'failed' }), 'Failed'],
    [downloadTask('a', { state: 'cancelled' }), 'Stopped at 312 MB of 990 MB'],
    [downloadTask('a', { state: 'cancelled', ...progress(unknown) }), 'Stopped'],
    [readingTask('a', { state: 'cancelled' }), 'Stopped'],
  ])('how a task ended', (task, words) => {
    expect(endWords(task)).toBe(words);
  });
});
