import { describe, expect, it } from 'vitest';
import { Progress, type Backlog } from '#main/engine/progress/progress.ts';

function backlog(waiting: Partial<Backlog['waiting']>, walking = false): Backlog {
  return {
    walking,
    waiting: { scan: 0, thumbnail: 0, embed: 0, caption: 0, score: 0, ...waiting },
  };
}

describe('Progress', () => {
  it('tells the time left of two stages of known cost that take turns', () => {
    let now = 0;
    const progress = new Progress(() => now);
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
    const progress = new Progress(() => now);
    // A thumbnail and an embedding are made side by side every 100 ms.
    for (let i = 0; i < 40; i++) {
      now += 100;
      progress.done('thumbnail', 1, 100);
      progress.done('embed', 1, 100);
    }
    const left = progress.snapshot('running', backlog({ thumbnail: 50, embed: 50 }), 0).secondsLeft;
    expect(left).toBeCloseTo(5, 1);
  });

  it('says nothing of the time left while a cost or a total is unknown, or while paused', () => {
    let now = 0;
    const progress = new Progress(() => now);
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
    const progress = new Progress(() => 0);
    progress.done('thumbnail', 3, 1);
    progress.failed('thumbnail', 2);
    const stage = () => progress.snapshot('running', backlog({ thumbnail: 5 }), 2).stages[1];
    expect(stage()).toMatchObject({ name: 'thumbnail', done: 3, failed: 2, total: 10 });
    progress.restart();
    expect(stage()).toMatchObject({ done: 0, failed: 0, total: 5 });
  });
});
