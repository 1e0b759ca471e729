import type { Decoding } from '#shared/schemas/photos.ts';
import { derivedCaptionId } from '#main/store/derived-caption-id.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';

/** A text that a model wrote of a picture. */
export interface MachineText {
  readonly assetId: string;
  readonly pictureId: string;
  readonly text: string;
  /** The metadata field it is meant for; null for a caption. */
  readonly field: string | null;
  readonly modelId: string;
  readonly decoding: Decoding;
}

/** The row of a machine's caption; the same text written again in the same way is the same row. */
export function machineCaption(written: MachineText): CaptionRow {
  const { pictureId, text, field, modelId, decoding } = written;
  const meant = field === null ? '' : ` ${field}`;
  return {
    ...written,
    id: derivedCaptionId(pictureId, `${modelId} ${JSON.stringify(decoding)}${meant}`, text),
    origin: 'machine',
    rank: 0,
    observationIds: [],
    createdAt: new Date().toISOString(),
  };
}
