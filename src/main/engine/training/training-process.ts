import { constants, setPriority } from 'node:os';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { THUMBNAIL_SIDE } from '#main/library/thumbnail.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { train } from '#main/training/train.ts';
import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { readTraining } from './training-file.ts';
import type { FromTraining, ToTraining } from './training-messages.ts';

/** How much may be lost when this process is killed. */
const checkpointSeconds = 120;

/**
 * Trains in a process of its own, so that its long steps hold up nobody who looks at photos, and a
 * driver that crashes under it takes nothing else along. Its argument is the folder of a training.
 */
async function main(folder: string): Promise<void> {
  const putDown = new AbortController();
  const abort = () => putDown.abort(new MedleyError('cancelled', 'The training was put down.'));
  let go = () => {};
  process.once('disconnect', () => {
    abort();
    go();
  });
  process.on('message', ({ type }: ToTraining) => {
    if (type === 'put-down') abort();
    go();
  });
  // What people do meanwhile goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    const file = await readTraining(folder);
    if (file === null) throw new MedleyError('file-missing', `${folder} holds no training.`);
    const { modelFolder, device, recipe, photos } = file.job;
    const { unreadable, ...outcome } = await train({
      modelFolder,
      device,
      recipe,
      photos,
      folder,
      loadPixels: async (model, path) => {
        const options = { minSide: model.info.imageSize, minLongSide: THUMBNAIL_SIDE };
        return preprocess(model, await decodeImage(path, options));
      },
      resume: true,
      checkpointSeconds,
      signal: putDown.signal,
      beforeStep: () => {
        if (putDown.signal.aborted) return Promise.resolve();
        return new Promise((resolve) => {
          go = resolve;
          void tell({ type: 'ask' });
        });
      },
      onProgress: (progress) => void tell({ type: 'progress', progress }),
    });
    const { file: adapter, card, epochs } = outcome;
    await tell({
      type: 'done',
      outcome: { file: adapter, card, epochs },
      unreadable: unreadable.length,
    });
  } catch (error) {
    await tell({ type: 'failed', error: toErrorShape(error) });
  }
  process.exit(0);
}

/** Resolves once it is sent, or there is nobody to hear. */
function tell(message: FromTraining): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}

await main(process.argv[2] ?? '');
