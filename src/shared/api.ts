import { z } from 'zod';
import { Activity, Failure } from './schemas/activity.ts';
import {
  AcceptedText,
  BatchId,
  CaptionId,
  NewText,
  Suggestion,
  TextEvent,
  Undone,
} from './schemas/captions.ts';
import {
  FolderListing,
  LeftOut,
  LibraryInfo,
  PhotoFolder,
  RepairReport,
} from './schemas/library.ts';
import { ModelStatus, Settings, SettingsChange } from './schemas/model.ts';
import { ModelList } from './schemas/models.ts';
import {
  PhotoDetail,
  PhotoFile,
  PhotoId,
  PhotoLabel,
  Rendition,
  Timeline,
  Verdict,
} from './schemas/photos.ts';
import { AnsweredText, ReviewList, Strictness } from './schemas/review.ts';
import { PendingText, WriteSettings } from './schemas/review-writes.ts';
import { AnsweredPlace, PendingPage, SiteFolder, SiteReview } from './schemas/sites.ts';
import { Completions, SearchProgress, SearchQuery, SearchSort } from './schemas/search.ts';
import { Task, TaskId } from './schemas/tasks.ts';
import { TrainingData, TrainingWish } from './schemas/training.ts';

const Nothing = z.null();

/**
 * The one API behind every door. Parameters are validated where they enter the engine, whichever
 * door they came through; types are derived from these schemas and written nowhere else.
 */
export const api = {
  'library/info': { params: Nothing, result: LibraryInfo },
  /** The folders of photos, as they are now. */
  'library/folders': { params: Nothing, result: z.array(PhotoFolder) },
  /** Adds a folder of photos to the library and starts importing it. */
  'library/import': { params: z.object({ folder: z.string().min(1) }), result: Nothing },
  /**
   * Looks through the folders again for what changed; one of them, or all. With `everyByte` also
   * files that look unchanged are read, for changes that left size and times as they were.
   */
  'library/rescan': {
    params: z.object({ folder: z.string().min(1).nullable(), everyByte: z.boolean() }),
    result: Nothing,
  },
  /**
   * Takes a folder out of the library. Its files stay where they are, and what is known of its photos
   * is there again when it is added again.
   */
  'library/remove-folder': { params: z.object({ folder: z.string().min(1) }), result: Nothing },
  /** What of the folders is not in the library, or not as it should be, and why. */
  'library/left-out': { params: Nothing, result: LeftOut },
  /** Imports the photographs that ship with Medley. */
  'library/import-samples': { params: Nothing, result: Nothing },
  /** Mends a library that could not be opened, since its database is damaged, and opens it. */
  'library/repair': { params: Nothing, result: RepairReport },
  /** Folders below `path` (default: the home folder), for choosing one without a native dialog. */
  'folders/list': { params: z.object({ path: z.string().nullable() }), result: FolderListing },

  'photos/timeline': { params: Nothing, result: Timeline },
  'photos/labels': {
    params: z.object({ ids: z.array(PhotoId).max(1000) }),
    result: z.array(PhotoLabel),
  },
  'photos/get': { params: z.object({ id: PhotoId }), result: PhotoDetail },
  /**
   * Where a rendition lies on disk, of a photo or of a picture of the website that was read last. For doors only:
   * a browser never sees a path.
   */
  'photos/file': { params: z.object({ id: PhotoId, rendition: Rendition }), result: PhotoFile },

  /** Records what the person thinks of a caption of a photo; it can be taken back. */
  'captions/decide': {
    params: z.object({ captionId: CaptionId, photoId: PhotoId, verdict: Verdict }),
    result: BatchId,
  },
  /** Adds a text that the person wrote; what it replaces is shown no more. */
  'captions/write': { params: NewText, result: BatchId },
  /** Takes a text away: of a file or a model it is rejected, the person's own is withdrawn. */
  'captions/erase': {
    params: z.object({ captionId: CaptionId, photoId: PhotoId }),
    result: BatchId,
  },
  /** Takes a text that the model suggested, confirmed by the person. */
  'captions/accept': { params: AcceptedText, result: BatchId },
  /** Texts that the model writes of a photo now, different ones each time, the best match first. */
  'captions/suggest': { params: z.object({ photoId: PhotoId }), result: z.array(Suggestion) },
  /** What became of the texts of a photo, newest first. */
  'captions/history': { params: z.object({ photoId: PhotoId }), result: z.array(TextEvent) },

  /** The texts of the library with what is thought of them. */
  'review/list': { params: z.object({ strict: Strictness }), result: ReviewList },
  /** Takes answers to items of the review, as one act. */
  'review/answer': {
    params: z.object({ answers: z.array(AnsweredText).min(1).max(20_000) }),
    result: BatchId,
  },
  /**
   * What a person wrote, confirmed or took away and files do not say so yet: all that `review/write` would
   * change.
   */
  'review/pending': { params: WriteSettings.pick({ target: true }), result: z.array(PendingText) },
  /** Begins to write that into the files. The task's subject is the library's folder. */
  'review/write': { params: WriteSettings, result: TaskId },

  /** The folders of websites of which something was answered, the latest first. */
  'sites/list': { params: Nothing, result: z.array(SiteFolder) },
  /**
   * Begins to read the pages of a website and to judge their texts, in place of the site that was looked at
   * before. The task's subject is the folder's real path, by which the site is known from then on.
   */
  'sites/check': {
    params: z.object({ folder: SiteFolder }),
    result: z.object({ folder: SiteFolder, task: TaskId }),
  },
  /** The texts of a website with what is thought of them; null for one that was not read since the start. */
  'sites/review': {
    params: z.object({ folder: SiteFolder, strict: Strictness }),
    result: SiteReview.nullable(),
  },
  /** Takes answers to items of the review of a website, as one act. They are kept until they are written. */
  'sites/answer': {
    params: z.object({
      folder: SiteFolder,
      answers: z.array(AnsweredPlace).min(1).max(20_000),
    }),
    result: BatchId,
  },
  /** Texts that the model writes of a picture of a website now, the best match first. */
  'sites/suggest': {
    params: z.object({ folder: SiteFolder, picture: PhotoId }),
    result: z.array(Suggestion),
  },
  /** What answers would change in the pages of a website: all that `sites/write` does. */
  'sites/pending': {
    params: z.object({ folder: SiteFolder }),
    result: z.array(PendingPage),
  },
  /** Begins to write that into the pages. The task's subject is the site's folder. */
  'sites/write': { params: z.object({ folder: SiteFolder }), result: TaskId },

  /** Takes back what was done at once, but for what has changed since. */
  'journal/undo': { params: z.object({ batchId: BatchId }), result: Undone },

  /**
   * Runs a search to its end. Its states before the last one, the result, are its progress. The same search
   * with a larger limit begins with the same results, and costs what the new ones do.
   */
  'search/run': {
    params: z.object({
      query: SearchQuery,
      /** Most results. */
      limit: z.int().min(1).max(10_000).default(60),
      /** Photos that are re-ranked together: the order of what is found holds within as many. */
      shortlist: z.int().min(1).max(1000).default(64),
      sort: SearchSort.default('relevance'),
      /** Milliseconds between first results and the re-ranking, for somebody who may be typing on. */
      pause: z.int().min(0).max(5000).optional(),
    }),
    progress: SearchProgress,
    result: SearchProgress,
  },
  /** What could be written next in a search box, the caret standing at `at` (UTF-16 units). */
  'search/complete': {
    params: z.object({ text: z.string().max(2000), at: z.int().min(0).max(2000) }),
    result: Completions,
  },

  'activity/get': { params: Nothing, result: Activity },
  'activity/pause': { params: Nothing, result: Nothing },
  'activity/resume': { params: Nothing, result: Nothing },
  'activity/cancel': { params: Nothing, result: Nothing },
  'activity/failures': { params: Nothing, result: z.array(Failure) },
  /** Tries the failed files again. */
  'activity/retry': { params: Nothing, result: Nothing },

  /**
   * Whatever runs long here: first what is under way, then what ended, the latest first. An end is
   * kept until it is dismissed, the same is begun again, or many others have ended since. How
   * tasks go is told by `tasks/progress`, that one began or ended by `tasks/changed`. Methods that
   * begin one answer with its id.
   */
  'tasks/list': { params: Nothing, result: z.array(Task) },
  /** Stops a task, and answers once it has. The four do nothing to a task that cannot do it. */
  'tasks/cancel': { params: z.object({ id: TaskId }), result: Nothing },
  'tasks/pause': { params: z.object({ id: TaskId }), result: Nothing },
  'tasks/resume': { params: z.object({ id: TaskId }), result: Nothing },
  /** Forgets how a task ended. */
  'tasks/dismiss': { params: z.object({ id: TaskId }), result: Nothing },

  'models/list': { params: Nothing, result: ModelList },
  /**
   * Begins to read a checkpoint folder to its end; then it is listed, and stays where it is. Of a folder
   * with files of trained models, copies of these are listed. The task's subject is the folder's real path.
   */
  'models/add': { params: z.object({ folder: z.string().min(1) }), result: TaskId },
  /**
   * Begins to download a model, or goes on with it: a hub id, or the address of a `.pth`, which is
   * the task's subject. What was fetched of a download that stops is kept.
   */
  'models/download': {
    params: z.object({
      source: z.string().trim().min(1).max(500),
      revision: z.string().min(1).max(200).optional(),
    }),
    result: TaskId,
  },
  /** Deletes what was fetched of a download that is not finished. */
  'models/discard': { params: z.object({ origin: z.string() }), result: Nothing },
  /** Begins to read every byte of a model again. The task's subject is the model's folder. */
  'models/verify': { params: z.object({ name: z.string() }), result: TaskId },
  /** Copies a trained model, which is one file, into a folder; `models/add` of that folder takes it in again. */
  'models/export': {
    params: z.object({ name: z.string(), folder: z.string().min(1) }),
    result: z.object({ file: z.string() }),
  },
  /** Takes a model off the list, and deletes its files if Medley downloaded or trained them. */
  'models/remove': { params: z.object({ name: z.string() }), result: Nothing },

  /** What the library has to learn from. */
  'training/data': { params: Nothing, result: TrainingData },
  /**
   * Begins to train the model in use on the texts that a person wrote or confirmed; one training at a
   * time. It is a task, which goes on after a restart. A model that came out better is put to use.
   */
  'training/start': { params: TrainingWish, result: Nothing },

  'model/status': { params: Nothing, result: ModelStatus },
  'settings/get': { params: Nothing, result: Settings },
  'settings/set': { params: SettingsChange, result: Settings },
} as const;

/** What the engine tells every connected door without being asked. */
export const events = {
  'activity/changed': Activity,
  'library/changed': LibraryInfo,
  /** A folder was looked through for what changed: what `library/folders` says of it is new. */
  'library/walked': z.object({ folder: z.string() }),
  'model/changed': ModelStatus,
  'models/changed': ModelList,
  'tasks/changed': z.array(Task),
  'tasks/progress': Task,
  /** Something the person should know, as a provider that failed and what runs instead. */
  notice: z.object({ level: z.enum(['info', 'warning']), message: z.string() }),
} as const;

export type Api = typeof api;
export type Method = keyof Api;
/** What a caller passes (defaults may be left out). */
export type ParamsOf<M extends Method> = z.input<Api[M]['params']>;
/** What a handler receives (defaults filled in). */
export type ParsedParamsOf<M extends Method> = z.output<Api[M]['params']>;
export type ResultOf<M extends Method> = z.output<Api[M]['result']>;
/** What a call tells its caller on the way; nothing where the method declares no progress. */
export type ProgressOf<M extends Method> = Api[M] extends { readonly progress: infer P }
  ? z.output<P>
  : never;

export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.output<(typeof events)[E]>;

/** What a handler knows of its call besides the parameters. */
export interface CallContext<Progress = never> {
  /** Aborted when the caller cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the call is. */
  readonly progress: (progress: Progress) => void;
}

/** The context of a call that nobody watches or cancels: one made inside the engine's process. */
export function unwatched(): CallContext<unknown> {
  return { signal: new AbortController().signal, progress: () => {} };
}

/** One function a method; the engine implements this. */
export type Handlers = {
  [M in Method]: (
    params: ParsedParamsOf<M>,
    context?: CallContext<ProgressOf<M>>,
  ) => Promise<ResultOf<M>>;
};

export function isMethod(name: string): name is Method {
  return Object.hasOwn(api, name);
}
