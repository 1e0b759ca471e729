import { z } from 'zod';
import { BatchId } from './captions.ts';
import { TrainingReport } from './training.ts';

/** How far a task is. */
export const TaskProgress = z.object({
  done: z.number(),
  /** Null while unknown. */
  total: z.number().nullable(),
  /** What is counted: bytes, or one step of work on one thing. */
  unit: z.enum(['bytes', 'steps']),
  /** Units a second over the last seconds; null before the first measure. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type TaskProgress = z.infer<typeof TaskProgress>;

/** A file of a model that is downloaded. */
export const FileProgress = z.object({
  name: z.string(),
  /** Bytes there are. */
  done: z.int(),
  /** Bytes of the file; null while unknown. */
  total: z.int().nullable(),
});
export type FileProgress = z.infer<typeof FileProgress>;

export const DownloadPhase = z.enum(['listing', 'fetching', 'checking']);
export type DownloadPhase = z.infer<typeof DownloadPhase>;

const NotWritten = z.object({ file: z.string(), error: z.string() });

/** The kind of a task, with what there is to say of that kind alone. */
export const TaskKind = z.discriminatedUnion('kind', [
  /** Photos are imported, looked at, captioned and scored; its stages are in `Activity`. */
  z.object({ kind: z.literal('index') }),
  z.object({
    kind: z.literal('model-download'),
    phase: DownloadPhase,
    files: z.array(FileProgress),
  }),
  /** A checkpoint folder is read before it joins the models. */
  z.object({ kind: z.literal('model-add') }),
  /** A model is compared with what it was when it was added. */
  z.object({ kind: z.literal('model-verify') }),
  /** What a person wrote, confirmed or took away is written into files. */
  z.object({
    kind: z.literal('write-texts'),
    /** By which it is taken back. */
    batchId: BatchId,
    /** Files that were left as they are, and why. */
    failed: z.array(NotWritten),
  }),
  /** The pages of a website are read, and the texts in them judged. */
  z.object({ kind: z.literal('check-site') }),
  /** What a person answered is written into the pages of a website. */
  z.object({
    kind: z.literal('write-pages'),
    /** By which it is taken back. */
    batchId: BatchId,
    /** Pages that were left as they are, in whole or in part, and why. */
    failed: z.array(NotWritten),
  }),
  /** A model looks at every photo before it takes the place of the one in use. */
  z.object({ kind: z.literal('adoption') }),
  /** A model learns from the texts that a person wrote or confirmed. */
  TrainingReport.extend({ kind: z.literal('training') }),
]);
export type TaskKind = z.infer<typeof TaskKind>;

/** The last three are ends. `cancelled`: a person stopped it. */
export const TaskState = z.enum(['running', 'paused', 'done', 'failed', 'cancelled']);
export type TaskState = z.infer<typeof TaskState>;

export const TaskId = z.string();
export type TaskId = z.infer<typeof TaskId>;

/** Something that runs long, under way or ended. */
export const Task = z.intersection(
  z.object({
    id: TaskId,
    /** What is worked on: a folder, or where a model is from. */
    subject: z.string(),
    /** What people call that. */
    name: z.string(),
    state: TaskState,
    progress: TaskProgress,
    /** ISO 8601. */
    startedAt: z.string(),
    /** ISO 8601; null while it is under way. */
    endedAt: z.string().nullable(),
    /** Why it failed, or stands still. */
    error: z.string().nullable(),
    /** What a person can do with it now. */
    can: z.object({
      cancel: z.boolean(),
      pause: z.boolean(),
      resume: z.boolean(),
      dismiss: z.boolean(),
    }),
  }),
  TaskKind,
);
export type Task = z.infer<typeof Task>;
