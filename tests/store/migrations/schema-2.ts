import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  Schema,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { contentId } from '../rows.ts';

// The tables as Medley of schemas 1 and 2 made them, written here without any code of today's.

const size = 8;
const item = (type: DataType) => new Field('item', type, true);
const required = (type: DataType, ...names: string[]) =>
  names.map((name) => new Field(name, type, false));
const optional = (type: DataType, ...names: string[]) =>
  names.map((name) => new Field(name, type, true));

const photos = new Schema([
  ...required(new Utf8(), 'id', 'format'),
  ...required(new Float64(), 'bytes'),
  ...required(new Int32(), 'width', 'height'),
  ...required(new Float64(), 'takenSeconds'),
  ...optional(new Utf8(), 'takenText', 'camera', 'lens', 'exposure'),
  ...optional(new Float64(), 'latitude', 'longitude'),
  ...required(new List(item(new Utf8())), 'keywords'),
  ...required(new Int32(), 'colour'),
  ...required(new Utf8(), 'addedAt'),
]);

const captions = (scorer: readonly string[]) =>
  new Schema([
    ...required(new Utf8(), 'id', 'photoId', 'text', 'origin'),
    ...optional(new Utf8(), 'field', 'modelId', 'decoding'),
    ...optional(new Float64(), 'itm'),
    ...optional(new Utf8(), ...scorer),
    ...required(new Utf8(), 'createdAt'),
    ...required(new Bool(), 'confirmed'),
  ]);

const files = new Schema([
  ...required(new Utf8(), 'path', 'root'),
  ...required(new Float64(), 'size', 'mtimeMs'),
  ...optional(new Utf8(), 'photoId', 'failure'),
]);

const vectors = new Schema([
  ...required(new Utf8(), 'photoId'),
  ...required(new FixedSizeList(size, item(new Float32())), 'vector'),
]);

const at = '2026-01-02T03:04:05.000Z';

export interface OldCaption {
  readonly id: string;
  readonly photoId: string;
  readonly text: string;
  readonly origin: 'person' | 'imported' | 'machine';
  readonly field: string | null;
  readonly modelId: string | null;
  readonly decoding: null;
  readonly itm: number | null;
  readonly itmModelId: string | null;
  readonly createdAt: string;
  readonly confirmed: boolean;
}

export function oldPhoto(n: number) {
  return {
    id: contentId(n),
    format: 'jpeg',
    bytes: 1000 + n,
    width: 400,
    height: 300,
    takenSeconds: n,
    takenText: n % 2 === 0 ? null : '2020-01-02T03:04:05',
    camera: n % 3 === 0 ? null : `Camera ${n}`,
    lens: null,
    exposure: null,
    latitude: n % 5 === 0 ? null : n / 100,
    longitude: n % 5 === 0 ? null : -n / 100,
    keywords: n % 4 === 0 ? [] : ['harbour', `n${n}`],
    colour: n,
    addedAt: at,
  };
}

/** An imported, a machine's and a person's caption, in the order of ids; every second scored, every third confirmed. */
export function oldCaptions(n: number): OldCaption[] {
  const photoId = contentId(n);
  const scored = n % 2 === 0;
  const row = {
    photoId,
    field: null,
    modelId: null,
    decoding: null,
    itm: scored ? n / 10_000 : null,
    itmModelId: scored ? 'matcher@1' : null,
    createdAt: at,
    confirmed: false,
  };
  const field = 'XMP-dc:Description';
  return [
    { ...row, id: `i${n}`, text: `It's said ${n}`, origin: 'imported', field },
    { ...row, id: `m${n}`, text: `a dog ${n}`, origin: 'machine', modelId: 'tiny@1' },
    { ...row, id: `p${n}`, text: `Own ${n}`, origin: 'person', confirmed: n % 3 === 0 },
  ];
}

export function oldVector(n: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(n * 17.3 + i + 1));
}

export const oldVectorTable = { modelId: 'tiny@1', name: 'vectors_tiny_1_6876ceae5322', size };

/** Where the n-th photo lay. */
export function oldPath(n: number): string {
  return `/old/${n}.jpg`;
}

/** Writes a library of schema 2 with photos 0 to `count` - 1, and one file that failed. */
export async function writeSchema2(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'library.json'), '{"schema": 2}');
  const numbers = Array.from({ length: count }, (_, n) => n);
  const database = await connect(join(folder, 'db'));
  const tables: [string, Schema, Record<string, unknown>[]][] = [
    ['photos', photos, numbers.map(oldPhoto)],
    ['captions', captions(['itmModelId']), numbers.flatMap(oldCaptions).map((row) => ({ ...row }))],
    [
      'files',
      files,
      [
        ...numbers.map((n) => oldFile(oldPath(n), contentId(n), null)),
        oldFile('/old/broken.jpg', null, {
          stage: 'thumbnail',
          code: 'image-corrupt',
          message: 'cut short',
        }),
      ],
    ],
    [
      oldVectorTable.name,
      vectors,
      numbers.map((n) => ({ photoId: contentId(n), vector: oldVector(n) })),
    ],
  ];
  for (const [name, schema, rows] of tables) {
    await (await database.createEmptyTable(name, schema)).add(rows);
  }
  database.close();
}

function oldFile(path: string, photoId: string | null, failure: object | null) {
  const text = failure === null ? null : JSON.stringify(failure);
  return { path, root: '/old', size: 1000, mtimeMs: 1.5, photoId, failure: text };
}

/** Writes a library of schema 1, in which nobody knew who gave a score. */
export async function writeSchema1(folder: string, rows: readonly OldCaption[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'library.json'), '{"schema": 1}');
  const database = await connect(join(folder, 'db'));
  const ids = [...new Set(rows.map(({ photoId }) => photoId))];
  const photoTable = await database.createEmptyTable('photos', photos);
  await photoTable.add(ids.map((id) => ({ ...oldPhoto(1), id })));
  const fileTable = await database.createEmptyTable('files', files);
  await fileTable.add(ids.map((id) => oldFile(`/old/${id}.jpg`, id, null)));
  const captionTable = await database.createEmptyTable('captions', captions([]));
  await captionTable.add(rows.map(({ itmModelId: _, ...row }) => row));
  database.close();
}
