import { z } from 'zod';
import { FoundWords } from '#shared/schemas/search.ts';
import { int, json, nullable, number, text, texts } from '../column.ts';
import { declareTable, type RowOf } from '../declaration.ts';

/** A text of a photo, as it is searched. */
export const PhotoText = FoundWords.omit({ ranges: true });
export type PhotoText = z.infer<typeof PhotoText>;

/** The schema that brought the table. */
const since = 5;

/**
 * What a photo on show is found by besides its picture: one row each, made from the other tables, and made
 * again where it is lost.
 */
export const wordsDeclaration = declareTable(
  'words',
  'assetId',
  {
    assetId: text({ since }),
    /** The {@link analysisVersion} that its words come from. */
    analysis: int({ since }),
    texts: json(z.array(PhotoText), { since }),
    /** The words of the texts in order between spaces, folded; a {@link textBreak} between two texts. */
    exact: text({ since }),
    /** The same without English endings. */
    stems: text({ since }),
    takenSeconds: number({ since }),
    /** ISO 8601 as precise as it is known; null for an undated photo. */
    takenText: nullable(text({ since })),
    /** The first and the last day on which it can have been taken. */
    takenFirst: nullable(text({ since })),
    takenLast: nullable(text({ since })),
    camera: nullable(text({ since })),
    cameraKey: nullable(text({ since })),
    /** The folders of its files below the folder of photos, with its name, as `Photos/2019`. */
    folders: texts({ since }),
    /** The absolute folders, folded, each as `/home/me/photos/2019/` and one a line. */
    folderKey: text({ since }),
    keywords: texts({ since }),
    keywordKeys: texts({ since }),
    /** What it has and is of what filters ask for, as `has:caption` and `is:unsure`. */
    traits: texts({ since }),
  },
  [],
  ['exact', 'stems'],
);

export type WordRow = RowOf<typeof wordsDeclaration>;

/** Stands where one text ends, so that no phrase reaches into the next. */
export const textBreak = '¶';
