import { baseFolderOf } from '#main/med/adapter/trained-model.ts';
import { readFormat } from '#main/med/formats/format.ts';
import { listModels } from '#main/models/list-models.ts';
import type { ModelsHome } from '#main/models/models-home.ts';
import { addTrained } from '#main/models/trained-models.ts';
import type { Store } from '#main/store/store.ts';
import { recipeFor } from '#main/training/recipe.ts';
import type { Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceChoice } from '#shared/schemas/model.ts';
import type { TrainingGoal, TrainingWish } from '#shared/schemas/training.ts';
import type { ChosenModels } from '../model/chosen-models.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { throttle, type Throttled } from '../progress/throttle.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { libraryTexts, stepsFor, trainingData } from './library-texts.ts';
import type { TrainingFile, TrainingJob } from './training-file.ts';
import { TrainingWork } from './training-work.ts';

export interface LibraryTrainingOptions {
  readonly store: Store;
  readonly tasks: TaskService;
  readonly turns: ModelTurns;
  readonly home: ModelsHome;
  readonly chosen: ChosenModels;
  readonly device: () => DeviceChoice;
  /** The list of models is another now. */
  readonly onListed: () => Promise<void>;
}

const progressIntervalMs = 250;

/** Training on the texts of a library, and what becomes of the models that come out. */
export class LibraryTraining {
  readonly #options: LibraryTrainingOptions;
  readonly #work: TrainingWork;
  readonly #tell: Throttled;

  /** @param file the training that was under way, or the last one */
  constructor(options: LibraryTrainingOptions, file: TrainingFile) {
    const { store, tasks, turns } = options;
    this.#options = options;
    this.#work = new TrainingWork(
      {
        folder: store.paths.training,
        // A search would wait for a step that runs on the same device.
        beforeStep: () => turns.quiet(),
        onChange: () => this.#tell(),
        onTrained: (job, adapter, better) => this.#take(job, adapter, better),
      },
      file,
    );
    const tell = tasks.adopt(this.#work);
    this.#tell = throttle(() => tell(this.#work.status), progressIntervalMs);
  }

  /** Goes on with what ran when the engine was closed. */
  takeUp(): void {
    this.#work.takeUp();
  }

  /** Puts the training down, to be taken up at the next start. */
  async close(): Promise<void> {
    await this.#work.close();
    this.#tell.close();
  }

  get handlers(): Pick<Handlers, 'training/data' | 'training/start'> {
    const { store } = this.#options;
    return {
      'training/data': async () => {
        const [captioning, retrieval] = await Promise.all([
          this.#imageBlocksOf('captioning'),
          this.#imageBlocksOf('retrieval'),
        ]);
        const data = trainingData(await libraryTexts(store));
        return { ...data, imageBlocks: { captioning, retrieval } };
      },
      'training/start': async (wish) => {
        await this.#work.start(wish.goal, await this.#jobOf(wish));
        return null;
      },
    };
  }

  /** Lists a model that was trained, and puts it to use where it is better. */
  async #take({ recipe }: TrainingJob, adapter: string, better: boolean): Promise<string> {
    const { home, chosen, onListed } = this.#options;
    const { name, folder } = await addTrained(home, adapter);
    await onListed();
    if (better) {
      await chosen.choose(
        recipe.objective === 'captioning'
          ? { modelFolder: chosen.chosen.modelFolder, captionerFolder: folder }
          : { modelFolder: folder, captionerFolder: chosen.captioningFolder },
      );
    }
    return name;
  }

  /** The folder of the model that a training would train. */
  async #learnerOf(goal: TrainingGoal): Promise<string> {
    const { chosen } = this.#options;
    const used = goal === 'captioning' ? chosen.captioningFolder : chosen.matchingFolder;
    // A trained model learns anew, from all that there is now: what it was trained on learns.
    return (await baseFolderOf(used)) ?? used;
  }

  /** Of a model that cannot be read, none: a training of it says why. */
  async #imageBlocksOf(goal: TrainingGoal): Promise<number> {
    try {
      const { config } = await readFormat(await this.#learnerOf(goal));
      return config.vision_config.num_hidden_layers;
    } catch {
      return 0;
    }
  }

  async #jobOf({ goal, imageBlocks }: TrainingWish): Promise<TrainingJob> {
    const { store, home, device } = this.#options;
    const texts = await libraryTexts(store);
    const { problem } = trainingData(texts);
    if (problem !== null) throw new MedleyError('bad-request', problem, { subject: 'captions' });
    const modelFolder = await this.#learnerOf(goal);
    const { models } = await listModels(home);
    const listed = models.find(({ folder }) => folder === modelFolder);
    return {
      modelFolder,
      modelName: listed?.name ?? modelFolder,
      device: device(),
      recipe: recipeFor(goal, 'lora', { ...stepsFor(texts), imageBlocks }),
      photos: texts.photos.map((photo) => ({ ...photo, captions: [...photo.captions] })),
    };
  }
}
