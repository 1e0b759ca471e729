import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TaskService } from '#main/engine/tasks/task-service.ts';
import type { TaskPlan, TaskRun } from '#main/engine/tasks/task-plan.ts';
import { MedleyError } from '#shared/errors.ts';
import { Task } from '#shared/schemas/tasks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A task whose work is done by the test. */
class Work {
  done = 0;
  run: TaskRun | null = null;
  finish: () => void = () => {};
  fail: (reason: unknown) => void = () => {};

  plan(subject: string): TaskPlan {
    return {
      subject,
      name: subject.toUpperCase(),
      status: () => ({
        kind: 'model-verify',
        progress: { done: this.done, total: 10, unit: 'bytes', rate: null, secondsLeft: null },
      }),
      run: (run) => {
        this.run = run;
        return new Promise<void>((resolve, reject) => {
          this.finish = resolve;
          this.fail = reject;
        });
      },
    };
  }

  at(done: number): void {
    this.done = done;
    this.run?.changed();
  }
}

function open() {
  const lists: Task[][] = [];
  const progress: Task[] = [];
  const service = new TaskService({
    onChange: (tasks) => lists.push(Task.array().parse(tasks)),
    onProgress: (task) => progress.push(Task.parse(task)),
  });
  const states = () => service.tasks.map(({ subject, state }) => [subject, state]);
  return { service, lists, progress, states };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a task', () => {
  it('is listed from its start to its end, and after', async () => {
    const { service, lists } = open();
    const work = new Work();
    vi.setSystemTime('2026-01-01T10:00:00Z');
    const id = service.start(work.plan('a'));
    const running = {
      id,
      subject: 'a',
      name: 'A',
      kind: 'model-verify',
      state: 'running',
      startedAt: '2026-01-01T10:00:00.000Z',
      endedAt: null,
      error: null,
      can: { cancel: true, pause: false, resume: false, dismiss: false },
    };
    expect(lists).toMatchObject([[running]]);
    work.at(10);
    vi.setSystemTime('2026-01-01T10:05:00Z');
    work.finish();
    await settle();
    expect(lists.slice(1)).toMatchObject([
      [
        {
          ...running,
          state: 'done',
          progress: { done: 10 },
          endedAt: '2026-01-01T10:05:00.000Z',
          can: { cancel: false, dismiss: true },
        },
      ],
    ]);
  });

  it('tells of its progress a few times a second, and of the last before its end', async () => {
    const { service, progress, lists } = open();
    const work = new Work();
    service.start(work.plan('a'));
    for (let done = 1; done <= 9; done++) {
      work.at(done);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(progress.map((task) => task.progress.done)).toEqual([1, 3, 5, 8]);
    work.at(10);
    work.finish();
    await settle();
    expect(progress.at(-1)).toMatchObject({ state: 'running', progress: { done: 10 } });
    expect(lists.at(-1)).toMatchObject([{ state: 'done', progress: { done: 10 } }]);
    const told = progress.length;
    work.at(11);
    await vi.advanceTimersByTimeAsync(1000);
    expect(progress).toHaveLength(told);
    expect(service.tasks).toMatchObject([{ progress: { done: 10 } }]);
  });

  it('keeps the reason for which it failed', async () => {
    const { service } = open();
    const work = new Work();
    service.start(work.plan('a'));
    work.fail(new MedleyError('offline', 'The hub cannot be reached.'));
    await settle();
    expect(service.tasks).toMatchObject([
      { state: 'failed', error: 'The hub cannot be reached.', can: { dismiss: true } },
    ]);
  });

  it('is stopped by its signal, and has let go of everything when that is answered', async () => {
    const { service, states } = open();
    const work = new Work();
    const id = service.start(work.plan('a'));
    let answered = false;
    const stopped = service.cancel(id).then(() => (answered = true));
    expect(work.run?.signal.aborted).toBe(true);
    await settle();
    expect(answered).toBe(false);
    expect(states()).toEqual([['a', 'running']]);
    work.fail(work.run?.signal.reason);
    await stopped;
    expect(service.tasks).toMatchObject([{ state: 'cancelled', error: null }]);
  });

  it('counts as done where it was stopped too late', async () => {
    const { service, states } = open();
    const work = new Work();
    const id = service.start(work.plan('a'));
    void service.cancel(id);
    work.finish();
    await settle();
    expect(states()).toEqual([['a', 'done']]);
  });
});

describe('tasks', () => {
  it('never work on the same at once; one begun again takes the place of its former end', async () => {
    const { service, states } = open();
    const [first, second, other] = [new Work(), new Work(), new Work()];
    service.start(first.plan('a'));
    service.start(other.plan('b'));
    expect(() => service.start(second.plan('a'))).toThrow(
      expect.objectContaining({ code: 'model-busy', subject: 'a' }),
    );
    expect(second.run).toBeNull();
    first.fail(new Error('Torn.'));
    await settle();
    expect(states()).toEqual([
      ['b', 'running'],
      ['a', 'failed'],
    ]);
    service.start(second.plan('a'));
    expect(states()).toEqual([
      ['b', 'running'],
      ['a', 'running'],
    ]);
  });

  it('are kept once they ended, the latest first, until dismissed or too many', async () => {
    const { service, states } = open();
    for (let index = 0; index < 25; index++) {
      const work = new Work();
      service.start(work.plan(`task ${index}`));
      work.finish();
      await settle();
    }
    expect(states()).toHaveLength(20);
    expect(states()[0]).toEqual(['task 24', 'done']);
    expect(states().at(-1)).toEqual(['task 5', 'done']);
    await service.dismiss(service.tasks[0]?.id ?? '');
    expect(states()[0]).toEqual(['task 23', 'done']);
  });

  it('under way are not dismissed', async () => {
    const { service, states } = open();
    await service.dismiss(service.start(new Work().plan('a')));
    expect(states()).toEqual([['a', 'running']]);
  });

  it('on one subject are cleared: stopped, and their ends forgotten', async () => {
    const { service, states } = open();
    const [a, b] = [new Work(), new Work()];
    service.start(a.plan('a'));
    service.start(b.plan('b'));
    const cleared = service.clear('a');
    a.fail(a.run?.signal.reason);
    await cleared;
    expect(states()).toEqual([['b', 'running']]);
  });

  it('are all stopped and waited for when the service closes, and none begins after', async () => {
    const { service, states } = open();
    const works = [new Work(), new Work()];
    works.forEach((work, index) => service.start(work.plan(`task ${index}`)));
    let closed = false;
    const closing = service.close().then(() => (closed = true));
    works[0].fail(works[0].run?.signal.reason);
    await settle();
    expect(closed).toBe(false);
    works[1].fail(works[1].run?.signal.reason);
    await closing;
    expect(states().map(([, state]) => state)).toEqual(['cancelled', 'cancelled']);
    expect(() => service.start(new Work().plan('late'))).toThrow(
      expect.objectContaining({ code: 'engine-stopped' }),
    );
  });
});

describe('work of others', () => {
  const status = (state: Task['state'], done: number) => ({
    kind: 'index' as const,
    state,
    error: null,
    progress: { done, total: 10, unit: 'steps' as const, rate: null, secondsLeft: null },
  });

  it('is shown as a task as it was last told, before those of the service', () => {
    const { service, lists, progress, states } = open();
    service.start(new Work().plan('a'));
    const work = { subject: '/lib', name: 'lib', cancel: vi.fn(), pause: vi.fn(), resume: vi.fn() };
    const tell = service.adopt(work);
    expect(states()).toEqual([['a', 'running']]);
    lists.length = 0;
    tell(status('running', 1));
    tell(status('running', 2));
    expect(lists).toHaveLength(1);
    expect(progress.map((task) => task.progress.done)).toEqual([2]);
    expect(states()).toEqual([
      ['/lib', 'running'],
      ['a', 'running'],
    ]);
    tell(null);
    expect(lists).toHaveLength(2);
    expect(states()).toEqual([['a', 'running']]);
  });

  it('can be paused, taken up and stopped where its state allows it', async () => {
    const { service } = open();
    const work = { subject: '/lib', name: 'lib', cancel: vi.fn(), pause: vi.fn(), resume: vi.fn() };
    const tell = service.adopt(work);
    const calls = async () => {
      vi.clearAllMocks();
      const id = service.tasks[0]?.id ?? '';
      await service.pause(id);
      await service.resume(id);
      await service.cancel(id);
      return [work.pause, work.resume, work.cancel].map((call) => call.mock.calls.length);
    };
    tell(status('running', 1));
    expect(await calls()).toEqual([1, 0, 1]);
    tell(status('paused', 1));
    expect(await calls()).toEqual([0, 1, 1]);
    tell(status('cancelled', 1));
    expect(await calls()).toEqual([0, 1, 0]);
    tell(status('done', 10));
    expect(await calls()).toEqual([0, 0, 0]);
  });

  it('has begun when its run did, and ended when that did', () => {
    const { service } = open();
    const work = { subject: '/lib', name: 'lib', cancel: vi.fn(), pause: vi.fn(), resume: vi.fn() };
    const tell = service.adopt(work);
    const at = (minute: number, state: Task['state']) => {
      vi.setSystemTime(`2026-01-01T10:0${minute}:00Z`);
      tell(status(state, 1));
      const { startedAt, endedAt } = service.tasks[0] ?? {};
      return [startedAt, endedAt].map((time) => (time ? new Date(time).getUTCMinutes() : null));
    };
    expect(at(1, 'running')).toEqual([1, null]);
    expect(at(2, 'paused')).toEqual([1, null]);
    expect(at(3, 'done')).toEqual([1, 3]);
    expect(at(4, 'done')).toEqual([1, 3]);
    expect(at(5, 'running')).toEqual([5, null]);
  });
});
