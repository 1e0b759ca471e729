import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { EngineHost } from '#main/engine/process/host.ts';
import { MedleyError, type ErrorCode } from '#shared/errors.ts';
import { PhotoId, Rendition, type PhotoFile } from '#shared/schemas/photos.ts';

/** The part of the engine that resolves a photo's id to a file. */
export type PhotoResolver = Pick<EngineHost, 'invoke'>;

/** What a request for a photo says besides which. */
export interface PhotoRequest {
  readonly ifNoneMatch: string | null;
  /** Whether the address carries a version of the picture: then what it names does not change. */
  readonly versioned: boolean;
}

/** Failures that another try may not meet. */
const passing: ReadonlySet<ErrorCode> = new Set(['engine-stopped', 'too-many-calls']);

/**
 * The picture behind `rendition` and `id` as they stand in an address: 200 with its bytes, 304
 * where the asker has them, 404 where there is none, 503 while the engine is down or busy. The engine
 * resolves the id; no part of the address becomes part of a path.
 */
export async function respondWithPhoto(
  engine: PhotoResolver,
  rendition: string,
  id: string,
  asked: PhotoRequest,
): Promise<Response> {
  const parsedRendition = Rendition.safeParse(rendition);
  const parsedId = PhotoId.safeParse(id);
  if (!parsedRendition.success || !parsedId.success) return empty(404);
  try {
    const file = await engine.invoke('photos/file', {
      id: parsedId.data,
      rendition: parsedRendition.data,
    });
    return await respondWithFile(file, asked);
  } catch (error) {
    return empty(error instanceof MedleyError && passing.has(error.code) ? 503 : 404);
  }
}

async function respondWithFile(
  file: PhotoFile,
  { ifNoneMatch, versioned }: PhotoRequest,
): Promise<Response> {
  const etag = quoted(file.etag);
  const headers = new Headers({
    'Content-Type': file.contentType,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': versioned ? 'private, max-age=604800, immutable' : 'private, no-cache',
    ETag: etag,
  });
  if (ifNoneMatch !== null && matches(ifNoneMatch, etag)) {
    return new Response(null, { status: 304, headers });
  }
  const handle = await open(file.path, 'r');
  headers.set('Content-Length', String(await sizeOf(handle)));
  return new Response(streamOf(handle), { headers });
}

async function sizeOf(handle: FileHandle): Promise<number> {
  try {
    const stats = await handle.stat();
    if (stats.isFile()) return stats.size;
    throw new MedleyError('file-unreadable', 'Not a file.');
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function streamOf(handle: FileHandle): ReadableStream<Uint8Array> {
  const bytes = createReadStream('', { fd: handle, highWaterMark: 256 * 1024 });
  return Readable.toWeb(bytes, { type: undefined }) as ReadableStream<Uint8Array>;
}

function quoted(etag: string): string {
  return /^(W\/)?".*"$/.test(etag) ? etag : `"${etag}"`;
}

/** If-None-Match compares weakly (RFC 9110, section 13.1.2). */
function matches(ifNoneMatch: string, etag: string): boolean {
  const strong = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || strong(tag) === strong(etag));
}

function empty(status: number): Response {
  return new Response(null, { status, headers: { 'Cache-Control': 'no-store' } });
}
