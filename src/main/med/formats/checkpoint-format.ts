import type { MedConfig } from '../checkpoint/config.ts';
import type { TensorIndex } from './stored-tensor.ts';

/** What a checkpoint of any format comes down to. */
export interface CheckpointFormat {
  readonly folder: string;
  readonly config: MedConfig;
  readonly vocabulary: string;
  /** By canonical name. */
  readonly tensors: TensorIndex;
  /** The texts besides the weights that make the checkpoint what it is. */
  readonly settings: readonly string[];
}

/** A `config.json`. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
  readonly json: unknown;
}

/** What lies where a checkpoint was said to be. All paths are absolute. */
export interface ModelPlace {
  readonly folder: string;
  /** Null in a folder without one, and where a single file was named. */
  readonly config: ConfigFile | null;
  /** The `.pth` files of the folder, or the file that was named. */
  readonly originals: readonly string[];
}

/**
 * Reads a checkpoint that is in its format; null for one that is not.
 *
 * @throws MedleyError `file-missing`, `file-unreadable` or `checkpoint-invalid`, naming the file at
 *   fault
 */
export type FormatReader = (place: ModelPlace) => Promise<CheckpointFormat | null>;
