import { describe, expect, it } from 'vitest';
import { Progress, type Backlog } from '#main/engine/progress/progress.ts';

/** Stages of these names, in this order. */
function progressOf(now: () => number): Progress {
  return new Progress(
    ['import', 'embed', 'caption', 'score'].map((name) => ({
      name,
      words: { title: `Title of ${name}`, doing: `Doing ${name}`, purpose: `What ${name} is for.` },
    })),
    now,
  );
}

function backlog(waiting: Record<string, number>, walking = false): Backlog {
  return { walking, waiting: new Map(Object.entries(waiting)), problem: null };
}

describe('Progress', () => {
  it('tells the time left of two stages of known cost that take turns', () => {
    let now = 0;
    const progress = progressOf(() => now);
    // Embedding takes 50 ms a photo and captioning 150 ms, one after the other.
    for (let i = 0; i < 20; i++) {
      progress.done('embed', 1, (now += 50) && 50);
      progress.done('caption', 1, (now += 150) && 150);
    }
    const activity = progress.snapshot('running', backlog({ embed: 100, caption: 100 }), 0);
    expect(activity.secondsLeft).toBeCloseTo((100 * 50 + 100 * 150) / 1000, 1);
    expect(activity.stages.find(({ name }) => name === 'caption')?.rate).toBeCloseTo(5, 0);
  });

  it('counts overlapping stages once', () => {
    let now = 0;
    const progress = progressOf(() => now);
    // An import and an embedding are made side by side every 100 ms.
    for (let i = 0; i < 40; i++) {
      now += 100;
      progress.done('import', 1, 100);
      progress.done('embed', 1, 100);
    }
    const left = progress.snapshot('running', backlog({ import: 50, embed: 50 }), 0).secondsLeft;
    expect(left).toBeCloseTo(5, 1);
  });

  it('says nothing of the time left while a cost or a total is unknown, or while paused', () => {
    let now = 0;
    const progress = progressOf(() => now);
    now = 1000;
    progress.done('embed', 4, 1000);
    const left = (state: 'running' | 'paused', work: Backlog) =>
      progress.snapshot(state, work, 0).secondsLeft;
    expect(left('running', backlog({ embed: 4 }))).toBeCloseTo(1, 1);
    expect(left('running', backlog({ embed: 4, caption: 1 }))).toBeNull();
    expect(left('running', backlog({ embed: 4 }, true))).toBeNull();
    expect(left('paused', backlog({ embed: 4 }))).toBeNull();
  });

  it('adds done, failed and waiting up to the total, and counts each run afresh', () => {
    const progress = progressOf(() => 0);
    progress.done('import', 3, 1);
    progress.failed('import', 2);
    const stage = () => progress.snapshot('running', backlog({ import: 5 }), 2).stages[0];
    expect(stage()).toMatchObject({ name: 'import', done: 3, failed: 2, total: 10 });
    progress.restart();
    expect(stage()).toMatchObject({ done: 0, failed: 0, total: 5 });
  });

  it('tells each stage in its own words, in the order they were given', () => {
    const { stages } = progressOf(() => 0).snapshot('idle', backlog({}), 0);
    expect(stages.map(({ name }) => name)).toEqual(['import', 'embed', 'caption', 'score']);
    expect(stages[1].words.doing).toBe('Doing embed');
  });

  it('tells why work stopped, and looks only while it runs', () => {
    const stopped = { ...backlog({}, true), problem: 'The disk is full.' };
    const progress = progressOf(() => 0);
    expect(progress.snapshot('paused', stopped, 0)).toMatchObject({
      looking: false,
      problem: 'The disk is full.',
    });
    expect(progress.snapshot('running', backlog({}, true), 0)).toMatchObject({
      looking: true,
      problem: null,
    });
  });

  it('has no stage that was not given', () => {
    expect(() => progressOf(() => 0).done('polish', 1, 1)).toThrow('There is no stage polish.');
  });
});
