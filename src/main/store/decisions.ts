import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '#main/files/write-whole.ts';
import { MedleyError } from '#shared/errors.ts';
import { decodeRow, encodeRow, type Declaration } from './declaration.ts';
import { assetsDeclaration } from './tables/assets.ts';
import { captionsDeclaration } from './tables/captions.ts';
import { contentsDeclaration } from './tables/contents.ts';
import type { Tables } from './tables/tables.ts';
import { verdictsDeclaration } from './tables/verdicts.ts';

/** Rows of a table, each as the table would keep it: one of an older schema is filled as there. */
function rowsOf<Row>(declaration: Declaration<Row>) {
  return z.record(z.string(), z.unknown()).transform((encoded) => decodeRow(declaration, encoded));
}

const DecidedAsset = z.object({
  /** Null where the library has lost it. */
  asset: rowsOf(assetsDeclaration).nullable(),
  /** Everything it ever held, by which its files are known again. */
  contents: z.array(rowsOf(contentsDeclaration)),
  /** What a person wrote, and what a person decided about. */
  captions: z.array(rowsOf(captionsDeclaration)),
  /** What a person decided, oldest first. */
  verdicts: z.array(rowsOf(verdictsDeclaration)),
});

/** What a person wrote and decided of one photo, with all it takes to find that photo again. */
export type DecidedAsset = z.infer<typeof DecidedAsset>;

const person = 'person';

/** What only a person can make again, photo by photo. */
export async function decisionsOf({
  assets,
  contents,
  captions,
  verdicts,
}: Tables): Promise<DecidedAsset[]> {
  const written = await captions.table.find('origin', [person]);
  const decided = await verdicts.table.find('by', [person]);
  const about = await captions.table.find('id', [
    ...new Set(decided.map(({ captionId }) => captionId)),
  ]);
  const precious = [...new Map([...written, ...about].map((row) => [row.id, row])).values()];
  const captionsOfAsset = Map.groupBy(precious, ({ assetId }) => assetId);
  const verdictsOfAsset = Map.groupBy(decided, ({ assetId }) => assetId);
  const assetIds = [...new Set([...captionsOfAsset.keys(), ...verdictsOfAsset.keys()])].sort();
  const assetRows = new Map((await assets.table.find('id', assetIds)).map((row) => [row.id, row]));
  const contentRows = Map.groupBy(
    await contents.table.find('assetId', assetIds),
    ({ assetId }) => assetId,
  );
  return assetIds.map((id) => ({
    asset: assetRows.get(id) ?? null,
    contents: inOrder(contentRows.get(id) ?? [], ({ addedAt }) => addedAt),
    captions: inOrder(captionsOfAsset.get(id) ?? [], ({ createdAt }) => createdAt),
    verdicts: inOrder(verdictsOfAsset.get(id) ?? [], ({ createdAt }) => createdAt),
  }));
}

/** Both of them; where both speak of the same, the newer one counts. */
export function joinDecisions(
  older: readonly DecidedAsset[],
  newer: readonly DecidedAsset[],
): DecidedAsset[] {
  const joined = new Map<string, DecidedAsset>();
  for (const each of [...older, ...newer]) {
    const id = assetIdOf(each);
    const before = joined.get(id);
    joined.set(id, before === undefined ? each : joinOne(before, each));
  }
  return [...joined.values()];
}

function joinOne(before: DecidedAsset, after: DecidedAsset): DecidedAsset {
  const byId = <T extends { readonly id: string }>(rows: readonly T[]) => [
    ...new Map(rows.map((row) => [row.id, row])).values(),
  ];
  return {
    asset: after.asset ?? before.asset,
    contents: byId([...before.contents, ...after.contents]),
    captions: byId([...before.captions, ...after.captions]),
    verdicts: byId([...before.verdicts, ...after.verdicts]),
  };
}

/** The asset that decisions are about. */
export function assetIdOf({ captions, verdicts }: DecidedAsset): string {
  const [first] = [...captions, ...verdicts];
  return first?.assetId ?? '';
}

/** Writes them beside the database, one photo a line, in place of what was there. */
export async function writeDecisions(
  path: string,
  decided: readonly DecidedAsset[],
): Promise<void> {
  await writeWhole(path, decided.map((each) => `${JSON.stringify(encoded(each))}\n`).join(''));
}

function encoded({ asset, contents, captions, verdicts }: DecidedAsset) {
  return {
    asset: asset === null ? null : encodeRow(assetsDeclaration, asset),
    contents: contents.map((row) => encodeRow(contentsDeclaration, row)),
    captions: captions.map((row) => encodeRow(captionsDeclaration, row)),
    verdicts: verdicts.map((row) => encodeRow(verdictsDeclaration, row)),
  };
}

/**
 * What {@link writeDecisions} wrote; nothing where it never did.
 *
 * @throws MedleyError `file-unreadable`
 */
export async function readDecisions(path: string): Promise<DecidedAsset[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [parseLine(path, line, i + 1)]));
}

function parseLine(path: string, line: string, number: number): DecidedAsset {
  try {
    return DecidedAsset.parse(JSON.parse(line));
  } catch (cause) {
    throw new MedleyError(
      'file-unreadable',
      `${path} is damaged in line ${number}. Delete that line, and nothing else.`,
      { subject: path, cause },
    );
  }
}

function inOrder<T>(rows: readonly T[], timeOf: (row: T) => string): T[] {
  return rows.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : Number(timeOf(a) > timeOf(b))));
}
