import { basename } from 'node:path';
import type { Importer } from '#main/library/importer/importer.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { starterName } from '#main/models/models-home.ts';
import type { Store } from '#main/store/store.ts';
import type { ChosenModel } from '#shared/schemas/model.ts';
import { MedleyError } from '#shared/errors.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import type { TaskPlan, TaskRun } from '../tasks/task-plan.ts';
import type { BatchSizes } from './batch-sizes.ts';
import type { ModelTurns } from './model-turns.ts';

export interface AdoptionParts {
  readonly store: Store;
  readonly importer: Importer;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  readonly settings: SettingsFile;
  /** Loads the successor beside the model in use. */
  readonly load: (chosen: ChosenModel) => Promise<MedModel>;
  /** Puts it to use in place of that, which is let go of. */
  readonly take: (successor: MedModel) => Promise<void>;
  /** Whether the engine is being closed: then the adoption goes on at the next start. */
  readonly isClosing: () => boolean;
}

/** Only one model follows the one in use. */
export const adoptionSubject = 'adoption';

/**
 * Another model in place of the one in use, without search ever going dark: it looks at every photo first,
 * while search goes on with the one before, and takes over when nothing is missing. Vectors of each model
 * lie in a table of their own, and those of the one before are kept, to go back to.
 */
export function adoptionTask(chosen: ChosenModel, parts: AdoptionParts): TaskPlan {
  const meter = new WorkMeter('steps');
  return {
    subject: adoptionSubject,
    name: nameOf(chosen, parts.settings.value),
    status: () => ({ kind: 'adoption', progress: meter.progress }),
    run: async (run) => {
      const { settings, isClosing, load, take } = parts;
      let successor: MedModel | null = null;
      try {
        successor = await load(chosen);
        run.signal.throwIfAborted();
        await embedAll(successor, parts, meter, run);
        const { modelFolder, captionerFolder } = settings.value;
        const previous = { modelFolder, captionerFolder };
        await settings.change({ ...chosen, previous, adopting: null });
        await take(successor);
      } catch (error) {
        await successor?.dispose();
        if (!isClosing()) await settings.change({ adopting: null });
        throw error;
      }
    },
  };
}

/** What is another than before: the model that searches, or else what writes captions. */
function nameOf(next: ChosenModel, before: ChosenModel): string {
  const { modelFolder, captionerFolder } = next;
  const changed = modelFolder === before.modelFolder ? captionerFolder : modelFolder;
  return basename(changed ?? modelFolder ?? starterName);
}

/** Embeds what of the library has no vector of this model yet; what cannot be read is passed over. */
async function embedAll(
  model: MedModel,
  { store, importer, turns, batches }: AdoptionParts,
  meter: WorkMeter,
  { signal, changed }: TaskRun,
): Promise<void> {
  const { roles, imageId, embeddingSize } = model.info;
  if (!roles.matching) return;
  const vectors = await store.vectors(imageId, embeddingSize);
  const unreadable = new Set<string>();
  const pending = () => {
    const shown = new Set([...store.photos().values()].map(({ pictureId }) => pictureId));
    return [...shown].filter((id) => !vectors.pictureIds().has(id) && !unreadable.has(id));
  };
  let done = 0;
  // Photos that come meanwhile are looked at too.
  for (let left = pending(); left.length > 0; left = pending()) {
    const batch = left.slice(0, batches.next(model, 'embed'));
    const inputs = await Promise.all(
      batch.map(async (pictureId) => {
        const path = store.pathOfPicture(pictureId);
        const squares = path && (await importer.squares(path, model.inputSides).catch(unread));
        if (squares) return [{ pictureId, pixels: model.inputOf(squares) }];
        unreadable.add(pictureId);
        return [];
      }),
    );
    const readable = inputs.flat();
    if (readable.length === 0) continue;
    const start = performance.now();
    const pixels = readable.map((each) => each.pixels);
    const embedded = await turns.background(() => {
      signal.throwIfAborted();
      return model.embedImages(pixels, 'matching');
    });
    await batches.done(model, 'embed', readable.length, performance.now() - start);
    await vectors.append(
      readable.map(({ pictureId }, i) => ({ pictureId, vector: embedded[i].embedding })),
    );
    done += batch.length;
    meter.update(done, done + left.length - batch.length);
    changed();
  }
}

/** A photo whose file is gone or broken is no reason to stop. */
function unread(error: unknown): null {
  if (error instanceof MedleyError) return null;
  throw error;
}
