import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MedleyError, messageOf } from '#shared/errors.ts';

/** A photo, named relative to the folder of photos, and what people say of it: at least one. */
export interface CaptionedPhoto {
  readonly file: string;
  readonly captions: readonly string[];
}

/** The part of a COCO captions file that is read (cocodataset.org, "Data format"). */
const CocoCaptions = z.object({
  images: z.array(z.object({ id: z.int(), file_name: z.string().min(1) })),
  annotations: z.array(z.object({ image_id: z.int(), caption: z.string() })),
});

/**
 * Reads a file of captions: lines of `file<TAB>caption`, several a photo, or COCO captions JSON.
 * Photos come in the order of the file.
 *
 * @throws MedleyError `file-missing`, `file-unreadable`; `bad-request` naming the line at fault.
 */
export async function readCaptionsFile(path: string): Promise<CaptionedPhoto[]> {
  return parseCaptions(await readText(path), path);
}

/**
 * @param name The file's name, for messages.
 * @throws MedleyError `bad-request` naming the line at fault.
 */
export function parseCaptions(text: string, name: string): CaptionedPhoto[] {
  const content = text.replace(/^\u{feff}/u, '');
  const photos = content.trimStart().startsWith('{')
    ? parseCoco(content, name)
    : parseLines(content, name);
  if (photos.length === 0) throw invalid(name, 'it holds no captions');
  return photos;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new MedleyError(
      missing ? 'file-missing' : 'file-unreadable',
      missing ? `There is no captions file ${path}` : `Cannot read ${path}: ${messageOf(cause)}`,
      { subject: path, cause },
    );
  }
}

function invalid(name: string, reason: string, cause?: unknown): MedleyError {
  return new MedleyError('bad-request', `Captions file ${name}: ${reason}`, {
    subject: name,
    cause,
  });
}

function parseLines(text: string, name: string): CaptionedPhoto[] {
  const photos = new Map<string, string[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const tab = line.indexOf('\t');
    const file = line.slice(0, Math.max(0, tab)).trim();
    const caption = line.slice(tab + 1).trim();
    if (tab < 0 || file === '' || caption === '') {
      throw invalid(name, `line ${index + 1} is not "file<TAB>caption"`);
    }
    addCaption(photos, file, caption);
  }
  return listPhotos(photos);
}

function parseCoco(text: string, name: string): CaptionedPhoto[] {
  const { images, annotations } = readCoco(text, name);
  const files = new Map(images.map((image) => [image.id, image.file_name]));
  const photos = new Map<string, string[]>(images.map((image) => [image.file_name, []]));
  for (const [index, { image_id: id, caption }] of annotations.entries()) {
    const file = files.get(id);
    if (file === undefined) {
      throw invalid(name, `annotations[${index}] is of image ${id}, which images does not list`);
    }
    if (caption.trim() === '') throw invalid(name, `annotations[${index}] has an empty caption`);
    addCaption(photos, file, caption.trim());
  }
  return listPhotos(photos);
}

function readCoco(text: string, name: string): z.infer<typeof CocoCaptions> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, `it is not valid JSON: ${messageOf(cause)}`, cause);
  }
  const parsed = CocoCaptions.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(name, `it is not COCO captions: ${issue.path.join('.')}: ${issue.message}`);
}

function addCaption(photos: Map<string, string[]>, file: string, caption: string): void {
  const captions = photos.get(file);
  if (captions === undefined) photos.set(file, [caption]);
  else captions.push(caption);
}

function listPhotos(photos: ReadonlyMap<string, readonly string[]>): CaptionedPhoto[] {
  return [...photos]
    .map(([file, captions]) => ({ file, captions }))
    .filter(({ captions }) => captions.length > 0);
}
