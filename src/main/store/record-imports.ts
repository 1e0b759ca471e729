import { isDeepStrictEqual } from 'node:util';
import { purposeOf } from '#shared/text-purpose.ts';
import { derivedCaptionId } from './derived-caption-id.ts';
import { isSameWords } from './echoes.ts';
import type { FileFacts, ImportedFile, NewContent, SaidCaption } from './imported-file.ts';
import type { CaptionRow } from './tables/captions.ts';
import type { ContentRow, KnownContent } from './tables/contents.ts';
import { isTextRole, type FileRow } from './tables/files.ts';
import { newBatch, type Change } from './tables/journal.ts';
import {
  contentOfObservation,
  pathOfObservation,
  type ObservationRow,
} from './tables/observations.ts';
import type { Tables } from './tables/tables.ts';

/** The stage whose failures are of files, not of pictures. */
export const importStage = 'import';

/** Rows to write for a batch of imported files. */
interface Rows {
  readonly contents: Map<string, ContentRow>;
  /** The observations that were read anew just now, each told by content and file. */
  readonly read: Set<string>;
  readonly observations: ObservationRow[];
  readonly captions: SaidOfAsset[];
  readonly files: Map<string, FileRow>;
  readonly changes: Change[];
}

type SaidOfAsset = SaidCaption & { readonly assetId: string };

/**
 * Records imported files. Whatever moment the process is killed at, repeating the import ends the
 * same: a file counts as imported last, after everything it brought.
 *
 * @param isStale Whether the file at a path has changed since its row was written.
 * @returns the pictures of the files.
 */
export async function recordImports(
  tables: Tables,
  imported: readonly ImportedFile[],
  isStale: (path: string) => boolean,
): Promise<string[]> {
  const rows: Rows = {
    contents: new Map(),
    read: new Set(),
    observations: [],
    captions: [],
    files: new Map(),
    changes: [],
  };
  const pictures: string[] = [];
  for (const each of imported) {
    if (each.kind === 'failed') {
      noteFailed(tables, rows, each.file, isStale);
      continue;
    }
    if (each.kind === 'unsupported') {
      noteFile(rows, each.file, { role: 'unsupported', kind: each.is, assetId: null });
      continue;
    }
    const content = await contentOf(tables, rows, each, isStale);
    // Its bytes were said to be known by an import whose rows were lost: the next walk finds it.
    if (content === null) continue;
    pictures.push(content.pictureId);
    notePhoto(tables, rows, each.file, content);
  }
  const left = noteMoved(tables, rows);
  const addedAt = new Date().toISOString();
  const assets = [...rows.contents.values()].map(({ assetId }) => ({ id: assetId, addedAt }));
  await tables.assets.append([...new Map(assets.map((row) => [row.id, row])).values()]);
  await putObservations(tables, rows);
  await putCaptions(tables, rows, addedAt);
  // After what it says: a content that is there counts as read.
  await tables.contents.put([...rows.contents.values()]);
  await tables.journal.record(newBatch(importStage), rows.changes);
  await tables.files.put([...rows.files.values()]);
  await tables.files.remove(left);
  await recordFailures(tables, imported);
  return pictures;
}

/** The row of a file's content, made where it is new. */
async function contentOf(
  tables: Tables,
  rows: Rows,
  imported: Extract<ImportedFile, { kind: 'known' | 'new' }>,
  isStale: (path: string) => boolean,
): Promise<KnownContent | null> {
  const id = imported.kind === 'known' ? imported.contentId : imported.content.id;
  const known = rows.contents.get(id) ?? tables.contents.get(id);
  if (imported.kind === 'known') return known ?? null;
  const { content, file } = imported;
  const pictureId = known?.pictureId ?? pictureOf(tables, rows, content.pixels);
  const assetId = known?.assetId ?? assetOf(tables, rows, file, content.id, pictureId, isStale);
  const row = { ...content, assetId, pictureId, ...(await earlierTime(tables, content, assetId)) };
  rows.contents.set(id, { ...row, ...(await keptFacts(tables, content, file)) });
  if (content.metadataRead) noteRead(tables, rows, file, id);
  rows.observations.push(...imported.observations);
  rows.captions.push(...imported.captions.map((caption) => ({ ...caption, assetId })));
  return row;
}

function pictureOf({ contents }: Tables, rows: Rows, pixels: string): string {
  const inBatch = [...rows.contents.values()].find((row) => row.pixels === pixels);
  return inBatch?.pictureId ?? contents.pictureOf(pixels) ?? pixels;
}

/**
 * Whose a new content is. The picture tells first: metadata was changed, or the file was moved too.
 * Else it is the photo whose file was here, edited in its place, or had this very inode; unless
 * another file still holds what was here, and this is another photo under its name.
 */
function assetOf(
  tables: Tables,
  rows: Rows,
  file: FileFacts,
  contentId: string,
  pictureId: string,
  isStale: (path: string) => boolean,
): string {
  const { contents } = tables;
  const inBatch = [...rows.contents.values()].find((row) => row.pictureId === pictureId);
  const known = inBatch?.assetId ?? contents.assetOfPicture(pictureId);
  if (known !== undefined) return known;
  const before =
    editedInPlace(tables, file) ?? renamedFrom(tables, file, isStale) ?? rawBeside(tables, file);
  if (before === undefined || before.assetId === null) return contentId;
  return isHeldElsewhere(tables, rows, before, isStale) ? contentId : before.assetId;
}

/** The file that was here; not one that went before, since cameras use their names again. */
function editedInPlace({ files }: Tables, { path }: FileFacts): FileRow | undefined {
  const before = files.get(path);
  return before?.missing === 'vanished' ? undefined : before;
}

/** The raw file that a JPEG was made of later: the photo that it was until now. */
function rawBeside({ files }: Tables, { attached }: FileFacts): FileRow | undefined {
  return attached
    .filter(({ role }) => role === 'raw')
    .map(({ path }) => files.get(path))
    .find((row) => row !== undefined && row.assetId !== null && row.missing === null);
}

/** The file that had this inode, and is not where it was. */
function renamedFrom(
  { files }: Tables,
  { inode }: FileFacts,
  isStale: (path: string) => boolean,
): FileRow | undefined {
  const before = inode === null ? undefined : files.withInode(inode);
  if (before === undefined || !isPicture(before)) return undefined;
  return before.missing !== null || isStale(before.path) ? before : undefined;
}

function isPicture({ role }: FileRow): boolean {
  return role === 'photo' || role === 'raw';
}

/** Whether another file holds the picture that one was last seen with. */
function isHeldElsewhere(
  tables: Tables,
  rows: Rows,
  { path, contentId, assetId }: FileRow,
  isStale: (path: string) => boolean,
): boolean {
  const pictureId = pictureOfContent(tables, rows, contentId);
  if (pictureId === undefined || assetId === null) return false;
  const holds = (other: FileRow) =>
    other.path !== path &&
    other.missing === null &&
    pictureOfContent(tables, rows, other.contentId) === pictureId;
  return (
    [...rows.files.values()].some(holds) ||
    tables.files
      .ofAsset(assetId)
      .some((other) => holds(other) && !rows.files.has(other.path) && !isStale(other.path))
  );
}

function pictureOfContent(
  { contents }: Tables,
  rows: Rows,
  contentId: string | null,
): string | undefined {
  if (contentId === null) return undefined;
  return (rows.contents.get(contentId) ?? contents.get(contentId))?.pictureId;
}

/** What stays of a content that is read again: when it came; and its facts, where none can be read. */
async function keptFacts(
  tables: Tables,
  { id, pixels, metadataRead, metadataVersion }: NewContent,
  file: FileFacts,
): Promise<Partial<ContentRow>> {
  const { contents } = tables;
  const known = contents.get(id);
  if (known === undefined) return {};
  const isAsRead = known.metadataRead && known.metadataVersion === metadataVersion;
  if (metadataRead && !(isAsRead && isToldElsewhere(tables, file, known))) {
    return { addedAt: known.addedAt };
  }
  return { ...(await contents.rows([id])).get(id), pixels, metadataRead };
}

/** Whether more is said of a content beside another file that holds it than beside this one. */
function isToldElsewhere(
  { files }: Tables,
  file: FileFacts,
  { id, assetId }: KnownContent,
): boolean {
  const isText = ({ role }: Pick<FileRow, 'role'>) => isTextRole(role);
  if (file.attached.some(isText)) return false;
  const all = files.ofAsset(assetId).filter(({ missing }) => missing === null);
  const others = all.filter(({ path, contentId }) => contentId === id && path !== file.path);
  return others.some(({ path }) => all.some((row) => isText(row) && row.partOf === path));
}

/** A photo without a date of its own keeps the one it was first shown under. */
async function earlierTime(
  { contents }: Tables,
  { takenText }: NewContent,
  assetId: string,
): Promise<Partial<Pick<ContentRow, 'takenSeconds'>>> {
  const [first] = contents.ofAsset(assetId);
  if (takenText !== null || first === undefined) return {};
  const row = (await contents.rows([first.id])).get(first.id);
  return row === undefined ? {} : { takenSeconds: row.takenSeconds };
}

/** Notes the places that say what was read of a content with a file: itself, and those beside it. */
function noteRead({ files }: Tables, { read }: Rows, file: FileFacts, contentId: string): void {
  const before = files.ofAsset(files.get(file.path)?.assetId ?? '');
  const beside = before.filter(({ partOf }) => partOf === file.path);
  for (const path of [null, ...[...beside, ...file.attached].map((each) => each.path)]) {
    read.add(placeKey(contentId, path));
  }
}

function placeKey(contentId: string, path: string | null): string {
  return `${contentId} ${path ?? ''}`;
}

function notePhoto(
  tables: Tables,
  rows: Rows,
  file: FileFacts,
  { id, assetId }: KnownContent,
): void {
  const before = tables.files.get(file.path);
  noteFile(rows, file, { contentId: id, assetId });
  if (before === undefined || before.contentId === id) return;
  rows.changes.push({
    kind: 'file-changed',
    assetId,
    subject: file.path,
    before: { contentId: before.contentId, assetId: before.assetId },
    after: { contentId: id, assetId },
  });
}

/** Notes a file, and those that go with it. */
function noteFile(
  rows: Rows,
  { attached, ...file }: FileFacts,
  what: Pick<FileRow, 'assetId'> & Partial<Pick<FileRow, 'role' | 'kind' | 'contentId'>>,
): void {
  const present = { kind: null, contentId: null, missing: null, missingSince: null };
  rows.files.set(file.path, { ...present, ...file, role: 'photo', partOf: null, ...what });
  const { root } = file;
  const { assetId } = what;
  for (const each of attached.filter(({ partOf }) => partOf === file.path)) {
    rows.files.set(each.path, { ...present, ...each, root, assetId });
  }
}

/** Notes which files are those that had vanished. @returns the paths that they left. */
function noteMoved(tables: Tables, rows: Rows): string[] {
  const left = new Set<string>();
  for (const { path, assetId, contentId } of rows.files.values()) {
    if (assetId === null || contentId === null) continue;
    const pictureId = pictureOfContent(tables, rows, contentId);
    const isLeft = (other: FileRow) =>
      other.role === 'photo' &&
      other.missing === 'vanished' &&
      !rows.files.has(other.path) &&
      !left.has(other.path) &&
      (other.contentId === null || pictureOfContent(tables, rows, other.contentId) === pictureId);
    const others = tables.files.ofAsset(assetId);
    for (const other of others.filter(isLeft)) {
      left.add(other.path);
      // What went with it there goes with it here, or with nothing.
      const beside = others.filter(({ partOf, missing }) => partOf === other.path && missing);
      for (const each of beside) if (!rows.files.has(each.path)) left.add(each.path);
      rows.changes.push({
        kind: 'file-moved',
        assetId,
        subject: path,
        before: { path: other.path },
        after: { path },
      });
    }
  }
  return [...left];
}

/** A file that fails keeps what is known of the photo it was, unless that is elsewhere now. */
function noteFailed(
  tables: Tables,
  rows: Rows,
  file: FileFacts,
  isStale: (path: string) => boolean,
): void {
  const before = editedInPlace(tables, file);
  const stays = before !== undefined && !isHeldElsewhere(tables, rows, before, isStale);
  noteFile(rows, file, { assetId: stays ? before.assetId : null });
}

/** What was said at the places read now is replaced, and nothing of what others say. */
async function putObservations({ contents, observations }: Tables, rows: Rows): Promise<void> {
  const known = [...rows.contents.keys()].filter((id) => contents.get(id) !== undefined);
  const before = [...(await observations.of(known)).values()].flat();
  const said = new Set(rows.observations.map(({ id }) => id));
  await observations.remove(
    before
      .filter(
        ({ id, contentId, path }) => !said.has(id) && rows.read.has(placeKey(contentId, path)),
      )
      .map(({ id }) => id),
  );
  await observations.put(rows.observations);
}

/**
 * A caption that a photo had already names the new observation too, and no more what a content says
 * otherwise now that it was read again.
 */
async function putCaptions({ captions }: Tables, rows: Rows, createdAt: string): Promise<void> {
  const assetIds = new Set(Array.from(rows.contents.values(), ({ assetId }) => assetId));
  const found = await captions.of([...assetIds].filter((id) => captions.known(id).length > 0));
  const before = new Map(found.map((row) => [row.id, row]));
  const after = new Map<string, CaptionRow>();
  for (const row of found.filter(({ origin }) => origin === 'imported')) {
    const still = row.observationIds.filter(
      (id) => !rows.read.has(placeKey(contentOfObservation(id), pathOfObservation(id))),
    );
    after.set(row.id, { ...row, observationIds: still });
  }
  for (const said of rows.captions) {
    const { assetId, field, text, rank, observationId } = said;
    const id = derivedCaptionId(assetId, field, text);
    const row = after.get(id);
    const others = row?.observationIds.filter((each) => each !== observationId) ?? [];
    after.set(id, {
      id,
      assetId,
      pictureId: null,
      text,
      origin: 'imported',
      field,
      rank,
      modelId: said.modelId ?? (row === undefined ? writerOf(said, found) : row.modelId),
      decoding: null,
      createdAt: row?.createdAt ?? createdAt,
      observationIds: [...others, observationId],
    });
  }
  const isChanged = (row: CaptionRow) => !isDeepStrictEqual(before.get(row.id), row);
  await captions.put([...after.values()].filter(isChanged));
}

/** The model whose caption of the photo a file says now, as one does that Medley wrote without a mark. */
function writerOf(
  { assetId, field, text }: SaidOfAsset,
  known: readonly CaptionRow[],
): string | null {
  const written = known.find(
    (row) =>
      row.origin === 'machine' &&
      row.assetId === assetId &&
      purposeOf(row.field) === purposeOf(field) &&
      isSameWords(row.text, text),
  );
  return written?.modelId ?? null;
}

async function recordFailures(
  { failures }: Tables,
  imported: readonly ImportedFile[],
): Promise<void> {
  const keyOf = ({ path }: FileFacts) => ({ subject: path, stage: importStage, modelId: null });
  const went = imported.filter(({ kind }) => kind !== 'failed').map(({ file }) => keyOf(file));
  await failures.clear(went);
  await failures.record(
    imported
      .filter((each) => each.kind === 'failed')
      .map(({ file, error: { code, message } }) => ({ ...keyOf(file), code, message })),
  );
}
