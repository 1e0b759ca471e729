import { basename } from 'node:path';
import type { Handlers } from '#shared/api.ts';
import { messageOf } from '#shared/errors.ts';
import type { Emit } from '#shared/rpc/server.ts';
import type { LibraryInfo } from '#shared/schemas/library.ts';
import {
  captionerIdOf,
  type DeviceChoice,
  type Dtype,
  type ModelStatus,
} from '#shared/schemas/model.ts';
import type { Site } from '#main/alttext/pages/read-site.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { removeTelemetryStore } from '#main/runtime/telemetry-store.ts';
import { modelsHome } from '#main/models/models-home.ts';
import { followBase } from '#main/models/trained-models.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { FeatureCache } from '#main/search/feature-cache.ts';
import { openStore, type Store } from '#main/store/store.ts';
import { activityHandlers } from './handlers/activity.ts';
import { captionsHandlers } from './handlers/captions.ts';
import { libraryHandlers } from './handlers/library.ts';
import { modelHandlers } from './handlers/model.ts';
import { modelsHandlers } from './handlers/models.ts';
import { photosHandlers } from './handlers/photos.ts';
import { reviewHandlers } from './handlers/review.ts';
import { reviewWritesHandlers } from './handlers/review-writes.ts';
import { searchDesk } from './handlers/search.ts';
import { sitesHandlers } from './handlers/sites.ts';
import { tasksHandlers } from './handlers/tasks.ts';
import { Jobs } from './work/jobs.ts';
import { BatchSizes } from './model/batch-sizes.ts';
import { ChosenModels } from './model/chosen-models.ts';
import { ModelSlot, type ModelLoader } from './model/model-slot.ts';
import { ModelTurns } from './model/model-turns.ts';
import { indexStatus } from './tasks/index-task.ts';
import { TaskService } from './tasks/task-service.ts';
import { modelsFolder } from './settings/models-folder.ts';
import { SettingsFile } from './settings/settings-file.ts';
import { starterModelFolder } from './settings/starter-model.ts';
import type { CheckedSite } from './site/checked-site.ts';
import { SiteDesk, type CheckOptions } from './site/site-desk.ts';
import { checkedEmit, checkedHandlers } from './process/checked-answers.ts';
import { throttle } from './progress/throttle.ts';
import { stages } from './stages/stages.ts';
import type { Stage } from './stages/stage.ts';
import { LibraryTraining } from './training/library-training.ts';
import { readTraining, type TrainingFile } from './training/training-file.ts';
import { WorkState } from './settings/work-state.ts';

export interface EngineOptions {
  /** Made where it is missing. */
  readonly libraryFolder: string;
  /** Checkpoint folder; goes before the person's setting. */
  readonly modelFolder?: string | undefined;
  /** Checkpoint folder of what writes captions; goes before the person's setting. */
  readonly captionerFolder?: string | undefined;
  /** Side of the image encoder's square input in pixels. */
  readonly imageSize?: number | undefined;
  /** Goes before the person's setting. */
  readonly device?: DeviceChoice | undefined;
  readonly dtype?: Dtype | undefined;
  readonly emit: Emit;
  readonly loadModel?: ModelLoader;
  /** What is done with every picture. */
  readonly stages?: readonly Stage[];
}

/** The library, the model and the work on them, in this process. */
export interface Engine {
  readonly handlers: Handlers;
  readonly jobs: Jobs;
  readonly store: Store;
  /** The model, once it is loaded; rejects with the reason where it cannot be. */
  model(): Promise<MedModel>;
  /** Judges the texts of a website that was read. Without a model that matches, rules alone do. */
  judgeSite(site: Site, check: CheckOptions): Promise<CheckedSite>;
  /** Takes the background work up: folders are walked again, unless it is paused or cancelled. */
  start(): void;
  /** Resolves once nothing is left that could be done now. */
  idle(): Promise<void>;
  /** Finishes the batches under way, writes what is done and lets go of the library. */
  close(): Promise<void>;
}

/** The small files of a library that the engine keeps open. */
interface LibraryFiles {
  readonly state: WorkState;
  readonly settings: SettingsFile;
  readonly batches: BatchSizes;
  readonly lastTraining: TrainingFile;
}

/** Bytes of patch features kept, between embedding and captioning and for searches. */
const featureBytes = 256 * 2 ** 20;
const activityIntervalMs = 200;
const libraryIntervalMs = 1000;

/**
 * Opens a library. The model loads in the background: its failure is a status, and the library
 * can be browsed meanwhile.
 * @throws {MedleyError} `library-locked`, `library-newer` or `file-unreadable`.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const emit = checkedEmit(options.emit);
  await removeTelemetryStore();
  const store = await openStore(options.libraryFolder);
  try {
    return compose(options, store, {
      state: await WorkState.open(store.paths.root),
      settings: await SettingsFile.open(store.paths.settings),
      batches: await BatchSizes.open(store.paths.batchSizes),
      lastTraining: await readTraining(store.paths.training),
    });
  } catch (error) {
    await store.close();
    throw error;
  }

  function compose(
    { modelFolder, captionerFolder, imageSize, device, dtype }: EngineOptions,
    store: Store,
    { state, settings, batches, lastTraining }: LibraryFiles,
  ): Engine {
    const warn = (message: string) => emit('notice', { level: 'warning', message });
    const turns = new ModelTurns();
    const features = new FeatureCache(featureBytes);
    const importer = new Importer(store.paths, warn);
    const home = modelsHome(modelsFolder(), starterModelFolder());
    const load: ModelLoader = async (choice) => {
      for (const folder of [choice.folder, choice.captionerFolder ?? choice.folder]) {
        await followBase(home, folder).catch((error: unknown) => warn(messageOf(error)));
      }
      return (options.loadModel ?? loadModel)(choice);
    };
    const slot = new ModelSlot(load, {
      onChange: sendModel,
      onNotice: warn,
      onTooLarge: (model, call, most) => batches.tooLarge(model, call, most),
    });
    batches.onChange = sendModel;
    const jobs = new Jobs({
      store,
      stages: options.stages ?? stages,
      importer,
      slot,
      turns,
      batches,
      features,
      state,
      onChange: () => {
        sendActivity();
        sendLibrary();
      },
      onNotice: warn,
      onWalked: (folder) => emit('library/walked', { folder }),
    });
    const desk = new SiteDesk({ store, slot, turns, batches, importer, features });
    const tasks = new TaskService({
      onChange: (all) => emit('tasks/changed', all),
      onProgress: (task) => emit('tasks/progress', task),
    });
    const tellIndex = tasks.adopt({
      subject: store.paths.root,
      name: basename(store.paths.root),
      cancel: () => jobs.cancel(),
      pause: () => jobs.pause(),
      resume: () => jobs.resume(),
    });
    const sendActivity = throttle(() => {
      const activity = jobs.activity();
      emit('activity/changed', activity);
      tellIndex(indexStatus(activity));
    }, activityIntervalMs);
    const sendLibrary = throttle(() => {
      info().then(
        (current) => emit('library/changed', current),
        (error: unknown) => warn(`The library could not be read: ${messageOf(error)}`),
      );
    }, libraryIntervalMs);

    /** New texts are scored, and whoever is connected hears of them. */
    function textsChanged(photoIds: readonly string[]): void {
      jobs.lookAt(photoIds.flatMap((id) => store.photos().get(id)?.pictureId ?? []));
      sendLibrary();
    }

    function modelStatus(): ModelStatus {
      return { ...slot.status, batches: slot.model && batches.status(slot.model) };
    }

    function sendModel(): void {
      emit('model/changed', modelStatus());
    }

    async function info(): Promise<LibraryInfo> {
      const photos = [...store.photos().values()];
      const model = slot.model?.info;
      const embedded = model?.roles.matching
        ? (await store.vectors(model.imageId, model.embeddingSize)).pictureIds()
        : undefined;
      const captioned = model && store.tables.captions.captionedBy(captionerIdOf(model));
      const countIn = (pictures: ReadonlySet<string> | undefined) =>
        photos.filter(({ pictureId }) => pictures?.has(pictureId)).length;
      return {
        path: store.paths.root,
        revision: store.revision,
        photosRevision: store.photosRevision,
        photos: photos.length,
        missing: photos.filter(({ missing }) => missing !== null).length,
        embedded: countIn(embedded),
        captioned: countIn(captioned),
        folders: [...state.folders],
      };
    }

    const chosen = new ChosenModels({
      given: { modelFolder, captionerFolder, imageSize, device, dtype },
      home,
      store,
      slot,
      turns,
      batches,
      importer,
      settings,
      tasks,
      onChanged: () => jobs.modelChanged(),
      onProblem: warn,
    });
    const models = modelsHandlers({
      home,
      tasks,
      emit,
      inUse: () => chosen.inUse,
      onReplaced: () => void chosen.load(),
    });
    void chosen.open();
    const training = new LibraryTraining(
      {
        store,
        tasks,
        turns,
        home,
        chosen,
        device: () => device ?? settings.value.device,
        onListed: models.sendList,
      },
      lastTraining,
    );

    const search = searchDesk({ store, slot, turns, features, importer });
    let warming = Promise.resolve();

    return {
      jobs,
      store,
      model: () => slot.ready(),
      judgeSite: (site, check) => desk.judge(site, check),
      handlers: checkedHandlers({
        ...libraryHandlers(store, jobs, state, info),
        ...photosHandlers(store, state, desk),
        ...captionsHandlers({
          ...{ store, slot, turns, features, importer },
          onChanged: textsChanged,
          onFilesBack: (paths) => desk.reread(paths),
        }),
        ...reviewHandlers({ store, slot, onChanged: textsChanged }),
        ...search.handlers,
        ...activityHandlers(store, jobs),
        ...modelHandlers(modelStatus, settings, chosen),
        ...models.handlers,
        ...training.handlers,
        ...tasksHandlers(tasks),
        ...reviewWritesHandlers(store, tasks, sendLibrary),
        ...sitesHandlers(store, desk, tasks),
      }),
      start: () => {
        // Without it the first search takes longer, and says what is wrong.
        warming = search.warm().catch(() => {});
        jobs.start();
        training.takeUp();
        if (state.mode === 'running') jobs.rescan();
        else sendActivity();
      },
      idle: () => jobs.idle(),
      close: async () => {
        chosen.close();
        await tasks.close();
        await training.close();
        await jobs.close();
        await desk.close();
        sendActivity.close();
        sendLibrary.close();
        await slot.close();
        await warming;
        await batches.flush();
        await importer.close();
        await store.close();
      },
    };
  }
}
