import { basename } from 'node:path';
import type { Handlers } from '#shared/api.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Emit } from '#shared/rpc/server.ts';
import { addFolder, realFolder } from '#main/models/add-folder.ts';
import { requireListed } from '#main/models/find-model.ts';
import { listModels } from '#main/models/list-models.ts';
import type { ModelReading } from '#main/models/model-reading.ts';
import { starterName, type ModelsHome } from '#main/models/models-home.ts';
import { discardDownload, removeModel } from '#main/models/remove-model.ts';
import { adaptersIn, addTrained, exportTrained } from '#main/models/trained-models.ts';
import { verifyModel } from '#main/models/verify-model.ts';
import { downloadTask, readingTask } from '../tasks/model-tasks.ts';
import type { TaskPlan } from '../tasks/task-plan.ts';
import type { TaskService } from '../tasks/task-service.ts';

type ModelsMethod =
  | 'models/list'
  | 'models/add'
  | 'models/download'
  | 'models/discard'
  | 'models/verify'
  | 'models/export'
  | 'models/remove';

export interface ModelsHandlersOptions {
  readonly home: ModelsHome;
  readonly tasks: TaskService;
  readonly emit: Emit;
  /** The checkpoint folders that are in use. */
  inUse(): ReadonlySet<string>;
  /** A checkpoint folder in use has other files than before. */
  onReplaced(): void;
}

/** The models of this machine, as the engine offers them. */
export function modelsHandlers({ home, tasks, emit, inUse, onReplaced }: ModelsHandlersOptions): {
  readonly handlers: Pick<Handlers, ModelsMethod>;
  /** Tells everybody the list as it is now. */
  readonly sendList: () => Promise<void>;
} {
  // One after the other, so that what was read first is not told last.
  let sent = Promise.resolve();
  const sendList = (): Promise<void> => {
    sent = sent
      .then(() => listModels(home))
      .then(
        (list) => emit('models/changed', list),
        (error: unknown) => emit('notice', { level: 'warning', message: messageOf(error) }),
      );
    return sent;
  };
  const changed = async (change: Promise<unknown>): Promise<null> => {
    await change;
    await sendList();
    return null;
  };
  /** Begins a task, at whose end everybody knows the list already. */
  const start = (plan: TaskPlan) =>
    tasks.start({ ...plan, run: (run) => plan.run(run).finally(sendList) });

  const handlers: Pick<Handlers, ModelsMethod> = {
    'models/list': () => listModels(home),
    'models/add': async ({ folder: given }) => {
      const folder = await realFolder(given);
      const adapters = await adaptersIn(folder);
      const read = async (reading: ModelReading) => {
        if (adapters.length === 0) await addFolder(home, folder, reading);
        const failures: unknown[] = [];
        // One that is damaged keeps none of the others out.
        for (const file of adapters) {
          await addTrained(home, file).catch((error: unknown) => failures.push(error));
        }
        if (failures.length > 0) throw failures[0];
      };
      return start(readingTask({ kind: 'model-add', folder, name: basename(folder), read }));
    },
    'models/download': async ({ source, revision }) =>
      start(
        downloadTask({
          home,
          source,
          revision,
          onWhole: ({ folder }) => {
            if (inUse().has(folder)) onReplaced();
          },
        }),
      ),
    'models/discard': async ({ origin }) => {
      await tasks.clear(origin);
      return changed(discardDownload(home, origin));
    },
    'models/verify': async ({ name }) => {
      const folder =
        name === starterName ? home.starterFolder : (await requireListed(home, name)).folder;
      const read = (reading: ModelReading) => verifyModel(home, name, reading);
      return start(readingTask({ kind: 'model-verify', folder, name, read }));
    },
    'models/export': async ({ name, folder }) => ({
      file: await exportTrained(home, name, await realFolder(folder)),
    }),
    'models/remove': async ({ name }) => {
      const { folder } = await requireListed(home, name);
      if (inUse().has(folder)) {
        throw new MedleyError('model-busy', `${name} is in use. Choose another model first.`, {
          subject: name,
        });
      }
      await tasks.clear(folder);
      return changed(removeModel(home, name));
    },
  };
  return { handlers, sendList };
}
