import type { Activity, StageProgress } from '#shared/schemas/activity.ts';

/** How often a log that is no terminal gets a line. */
const logEveryMs = 5000;

export interface StatusLine {
  show(text: string): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** One line on stderr that changes in a terminal; a line now and then elsewhere. */
export function openStatusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  let shown = '';
  let loggedAt = 0;
  return {
    show: (text) => {
      if (text === shown || text === '') return;
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text.slice(0, stream.columns - 1)}`);
      } else if (Date.now() - loggedAt >= logEveryMs) {
        loggedAt = Date.now();
        stream.write(`${text}\n`);
      }
      shown = text;
    },
    end: () => {
      if (stream.isTTY && shown !== '') stream.write('\n');
    },
  };
}

/** Shows the engine's background work on stderr. */
export function showActivity(): { show(activity: Activity): void; end(): void } {
  const line = openStatusLine();
  return { show: (activity) => line.show(describeActivity(activity)), end: () => line.end() };
}

/** Shows how many of a number of things are done, on stderr. */
export function showCounts(): {
  show(name: string, done: number, total: number): void;
  end(): void;
} {
  const line = openStatusLine();
  return {
    show: (name, done, total) => line.show(`${name} ${done} of ${total}`),
    end: () => line.end(),
  };
}

/** As `embed 12 of 200 (9.4/s) · caption 3 of 200 (8.1/s) · 24 s left · 1 failed`. */
export function describeActivity({ stages, secondsLeft, failures }: Activity): string {
  return [
    ...stages.filter(({ total }) => total > 0).map(describeStage),
    ...(secondsLeft === null ? [] : [`${describeTime(secondsLeft)} left`]),
    ...(failures === 0 ? [] : [`${failures} failed`]),
  ].join(' · ');
}

function describeStage({ name, done, total, rate }: StageProgress): string {
  const speed = rate === null ? '' : ` (${rate.toFixed(1)}/s)`;
  return `${name} ${done} of ${total}${speed}`;
}

/** Time left in few letters: `40 s`, `7 min`, `2.2 h`. */
export function describeTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
