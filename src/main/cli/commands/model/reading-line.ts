import type { ModelReading } from '#main/models/model-reading.ts';
import { describeTime, openStatusLine } from '../../progress-line.ts';

/**
 * Runs `read` with a line on stderr that says how far it is: `Checking 31 % · 12 s left`.
 *
 * @param doing the first word
 */
export async function showReading<T>(
  doing: string,
  signal: AbortSignal,
  read: (reading: ModelReading) => Promise<T>,
): Promise<T> {
  const { WorkMeter } = await import('#main/engine/progress/work-meter.ts');
  const meter = new WorkMeter('bytes');
  const line = openStatusLine();
  const onProgress = (done: number, total: number) => {
    meter.update(done, total);
    const { secondsLeft } = meter.progress;
    const left = secondsLeft === null ? '' : ` · ${describeTime(secondsLeft)} left`;
    if (total > 0) line.show(`${doing} ${Math.floor((done / total) * 100)} %${left}`);
  };
  try {
    return await read({ signal, onProgress });
  } finally {
    line.end();
  }
}
