import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { errorCodes } from '#shared/errors.ts';
import { CaptionOrigin, Decoding } from '#shared/schemas/photos.ts';
import { flag, int, json, nullable, number, text, texts, word } from '../column.ts';
import { Database } from '../database.ts';
import { declareTable, type Declaration, type RowOf } from '../declaration.ts';
import type { LibraryPaths } from '../library-paths.ts';
import { StoredTable } from '../stored-table.ts';
import { observationId } from '../tables/observations.ts';
import { openTables, type Tables } from '../tables/tables.ts';
import { vectorDeclaration, vectorSize, vectorTableNames } from '../tables/vectors.ts';

/** The tables as schema 2 had them; schema 1 lacked `itmModelId`, which is added when they open. */
const photos = declareTable('photos', 'id', {
  id: text(),
  format: text(),
  bytes: number(),
  width: int(),
  height: int(),
  takenSeconds: number(),
  takenText: nullable(text()),
  camera: nullable(text()),
  lens: nullable(text()),
  exposure: nullable(text()),
  latitude: nullable(number()),
  longitude: nullable(number()),
  keywords: texts(),
  colour: int(),
  addedAt: text(),
});
const captions = declareTable('captions', 'id', {
  id: text(),
  photoId: text(),
  text: text(),
  origin: word(CaptionOrigin),
  field: nullable(text()),
  modelId: nullable(text()),
  decoding: nullable(json(Decoding)),
  itm: nullable(number()),
  itmModelId: nullable(text()),
  createdAt: text(),
  confirmed: flag(),
});
const Failure = z.object({ stage: z.string(), code: z.enum(errorCodes), message: z.string() });
const files = declareTable('files', 'path', {
  path: text(),
  root: text(),
  size: number(),
  mtimeMs: number(),
  photoId: nullable(text()),
  failure: nullable(json(Failure)),
});

/** Failures of these stages are of files; those of others were of a model that nobody knows. */
const fileStages = ['scan', 'thumbnail'];
/** Rows a commit. */
const rowsAtOnce = 20_000;

/**
 * Fills a new database from that of schema 2 or 1, whose rows stay as they are. A photo that was its bytes
 * becomes an asset with one content; the pixels and the metadata of that are read again by the next
 * walk of its folder.
 */
export async function rebuildFromSchema2(paths: LibraryPaths): Promise<void> {
  await rm(paths.database, { recursive: true, force: true });
  const before = new Database(paths.firstDatabase);
  const after = new Database(paths.database);
  const ignore = () => {};
  const tables = await openTables(after, {
    onPhotos: ignore,
    onOther: ignore,
    onAssets: ignore,
  });
  await addPhotos(tables, await allOf(before, photos));
  await addCaptions(tables, await allOf(before, captions));
  await copyVectors(before, after);
  await addFiles(tables, await allOf(before, files));
  for (const { table } of Object.values(tables)) await table.close();
}

/** Every row; none where a library has not got the table yet. */
async function allOf<Row>(database: Database, declaration: Declaration<Row>): Promise<Row[]> {
  const table = await StoredTable.open(database, declaration, () => {});
  const rows = await table.all();
  await table.close();
  return rows;
}

async function addPhotos(tables: Tables, rows: readonly RowOf<typeof photos>[]): Promise<void> {
  await inParts(rows, async (part) => {
    await tables.assets.append(part.map(({ id, addedAt }) => ({ id, addedAt })));
    await tables.contents.put(
      part.map((row) => ({
        ...row,
        assetId: row.id,
        pictureId: row.id,
        pixels: null,
        metadataRead: false,
        metadataVersion: 0,
        takenSource: null,
        notices: [],
      })),
    );
  });
}

async function addCaptions(tables: Tables, rows: readonly RowOf<typeof captions>[]): Promise<void> {
  const said = rows.filter(({ origin, field }) => origin === 'imported' && field !== null);
  await inParts(said, (part) =>
    tables.observations.put(
      part.map(({ photoId, field, text, createdAt }) => ({
        id: observationId(photoId, 'embedded', field ?? ''),
        contentId: photoId,
        source: 'embedded',
        path: null,
        field: field ?? '',
        value: text,
        readAt: createdAt,
      })),
    ),
  );
  await inParts(rows, (part) =>
    tables.captions.append(
      part.map(({ photoId, itm: _, itmModelId: _model, confirmed: _confirmed, ...row }) => ({
        ...row,
        assetId: photoId,
        pictureId: row.origin === 'machine' ? photoId : null,
        rank: 0,
        observationIds:
          row.origin === 'imported' ? [observationId(photoId, 'embedded', row.field ?? '')] : [],
      })),
    ),
  );
  await inParts(rows, (part) =>
    tables.scores.append(
      part.flatMap(({ id, photoId, itm, itmModelId, createdAt }) =>
        itm === null
          ? []
          : [{ captionId: id, pictureId: photoId, modelId: itmModelId, value: itm, createdAt }],
      ),
    ),
  );
  await tables.verdicts.append(
    rows
      .filter(({ confirmed }) => confirmed)
      .map(({ id, photoId }) => ({
        captionId: id,
        assetId: photoId,
        verdict: 'confirmed',
        by: 'person',
        reason: null,
      })),
  );
}

async function addFiles(tables: Tables, rows: readonly RowOf<typeof files>[]): Promise<void> {
  // What could not be read of a folder says nothing of a file.
  const seen = rows.filter(({ failure }) => failure?.stage !== 'scan');
  await inParts(seen, (part) =>
    tables.files.put(
      part.map(({ path, root, size, mtimeMs, photoId }) => ({
        path,
        root,
        size,
        mtimeMs,
        ctimeMs: null,
        inode: null,
        role: 'photo',
        partOf: null,
        kind: null,
        contentId: photoId,
        assetId: photoId,
        missing: null,
        missingSince: null,
      })),
    ),
  );
  await tables.failures.record(
    rows.flatMap(({ path, failure }) =>
      failure !== null && fileStages.includes(failure.stage)
        ? [{ subject: path, modelId: null, ...failure, stage: 'import' }]
        : [],
    ),
  );
}

async function copyVectors(before: Database, after: Database): Promise<void> {
  for (const name of await vectorTableNames(before)) {
    const size = await sizeOf(before, name);
    const old = declareTable(name, 'photoId', {
      photoId: text(),
      vector: vectorDeclaration(name, size).columns.vector,
    });
    const fresh = await StoredTable.open(after, vectorDeclaration(name, size), () => {});
    const rows = await allOf(before, old);
    await inParts(rows, (part) =>
      fresh.append(
        () => part.map(({ photoId, vector }) => ({ pictureId: photoId, vector })),
        () => {},
      ),
    );
    await fresh.close();
  }
}

async function sizeOf(database: Database, vectorTable: string): Promise<number> {
  const connection = await database.connect();
  try {
    return vectorSize(await (await connection.openTable(vectorTable)).schema(), vectorTable);
  } finally {
    connection.close();
  }
}

async function inParts<T>(
  rows: readonly T[],
  write: (part: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await write(rows.slice(start, start + rowsAtOnce));
  }
}
