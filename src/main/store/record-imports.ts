import type { FileFacts, ImportedFile, NewContent } from './imported-file.ts';
import { ImportBatch, placeKey } from './imports/import-batch.ts';
import { assetOf, editedInPlace, isHeldElsewhere, noteMoved } from './imports/photo-of-file.ts';
import { putCaptions, putObservations } from './imports/put-said.ts';
import type { ContentRow, KnownContent } from './tables/contents.ts';
import { isTextRole, type FileRow } from './tables/files.ts';
import { newBatch } from './tables/journal.ts';
import type { Tables } from './tables/tables.ts';

/** The stage whose failures are of files, not of pictures. */
export const importStage = 'import';

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
  const batch = new ImportBatch(tables, isStale);
  const pictures: string[] = [];
  for (const each of imported) {
    if (each.kind === 'failed') {
      noteFailed(batch, each.file);
      continue;
    }
    if (each.kind === 'unsupported') {
      noteFile(batch, each.file, { role: 'unsupported', kind: each.is, assetId: null });
      continue;
    }
    const content = contentOf(batch, each);
    // Its bytes were said to be known by an import whose rows were lost: the next walk finds it.
    if (content === null) continue;
    pictures.push(content.pictureId);
    notePhoto(batch, each.file, content);
  }
  await keepEarlier(batch);
  const left = noteMoved(batch);
  const addedAt = new Date().toISOString();
  const assetIds = new Set(Array.from(batch.contents.values(), ({ assetId }) => assetId));
  await tables.assets.append(Array.from(assetIds, (id) => ({ id, addedAt })));
  await putObservations(batch);
  await putCaptions(batch, addedAt);
  // After what it says: a content that is there counts as read.
  await tables.contents.put([...batch.contents.values()]);
  await tables.journal.record(newBatch(importStage), batch.changes);
  await tables.files.put([...batch.files.values()]);
  await tables.files.remove(left);
  await recordFailures(tables, imported);
  return pictures;
}

/** The row of a file's content, made where it is new. */
function contentOf(
  batch: ImportBatch,
  imported: Extract<ImportedFile, { kind: 'known' | 'new' }>,
): KnownContent | null {
  const { tables } = batch;
  const id = imported.kind === 'known' ? imported.contentId : imported.content.id;
  const known = batch.contents.get(id) ?? tables.contents.get(id);
  if (imported.kind === 'known') return known ?? null;
  const { content, file } = imported;
  const pictureId = known?.pictureId ?? batch.pictureOf(content.pixels);
  const assetId = known?.assetId ?? assetOf(batch, file, content.id, pictureId);
  const row = { ...content, assetId, pictureId };
  batch.addContent(row);
  const [first] = tables.contents.ofAsset(assetId);
  if (first !== undefined) batch.again.set(id, { content, file, firstId: first.id });
  if (content.metadataRead) noteRead(batch, file, id);
  batch.observations.push(...imported.observations);
  batch.captions.push(...imported.captions.map((caption) => ({ ...caption, assetId })));
  return row;
}

/** Gives contents of photos that the library had already what stays of those, which is read at once. */
async function keepEarlier(batch: ImportBatch): Promise<void> {
  const { again, tables } = batch;
  const ids = [...again].flatMap(([id, { firstId }]) => [id, firstId]);
  const before = await tables.contents.rows([...new Set(ids)]);
  for (const [id, { content, file, firstId }] of again) {
    const row = batch.contents.get(id);
    if (row === undefined) continue;
    const time = earlierTime(content, before.get(firstId));
    batch.addContent({ ...row, ...time, ...keptFacts(tables, content, file, before.get(id)) });
  }
}

/** What stays of a content that is read again: when it came; and its facts, where none can be read. */
function keptFacts(
  { contents, files }: Tables,
  { id, pixels, metadataRead, metadataVersion }: NewContent,
  file: FileFacts,
  before: ContentRow | undefined,
): Partial<ContentRow> {
  const known = contents.get(id);
  if (known === undefined) return {};
  const isAsRead = known.metadataRead && known.metadataVersion === metadataVersion;
  if (metadataRead && !(isAsRead && isToldElsewhere(files, file, known))) {
    return { addedAt: known.addedAt };
  }
  return { ...before, pixels, metadataRead };
}

/** Whether more is said of a content beside another file that holds it than beside this one. */
function isToldElsewhere(
  files: Tables['files'],
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
function earlierTime(
  { takenText }: NewContent,
  first: ContentRow | undefined,
): Partial<Pick<ContentRow, 'takenSeconds'>> {
  if (takenText !== null || first === undefined) return {};
  return { takenSeconds: first.takenSeconds };
}

/** Notes the places that say what was read of a content with a file: itself, and those beside it. */
function noteRead({ tables: { files }, read }: ImportBatch, file: FileFacts, id: string): void {
  const before = files.ofAsset(files.get(file.path)?.assetId ?? '');
  const beside = before.filter(({ partOf }) => partOf === file.path);
  for (const path of [null, ...[...beside, ...file.attached].map((each) => each.path)]) {
    read.add(placeKey(id, path));
  }
}

function notePhoto(batch: ImportBatch, file: FileFacts, { id, assetId }: KnownContent): void {
  const before = batch.tables.files.get(file.path);
  noteFile(batch, file, { contentId: id, assetId });
  if (before === undefined || before.contentId === id) return;
  batch.changes.push({
    kind: 'file-changed',
    assetId,
    subject: file.path,
    before: { contentId: before.contentId, assetId: before.assetId },
    after: { contentId: id, assetId },
  });
}

/** Notes a file, and those that go with it. */
function noteFile(
  batch: ImportBatch,
  { attached, ...file }: FileFacts,
  what: Pick<FileRow, 'assetId'> & Partial<Pick<FileRow, 'role' | 'kind' | 'contentId'>>,
): void {
  const present = { kind: null, contentId: null, missing: null, missingSince: null };
  batch.addFile({ ...present, ...file, role: 'photo', partOf: null, ...what });
  const { root } = file;
  const { assetId } = what;
  for (const each of attached.filter(({ partOf }) => partOf === file.path)) {
    batch.addFile({ ...present, ...each, root, assetId });
  }
}

/** A file that fails keeps what is known of the photo it was, unless that is elsewhere now. */
function noteFailed(batch: ImportBatch, file: FileFacts): void {
  const before = editedInPlace(batch.tables, file);
  const stays = before !== undefined && !isHeldElsewhere(batch, before);
  noteFile(batch, file, { assetId: stays ? before.assetId : null });
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
