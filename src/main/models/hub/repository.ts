import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import type { Hub } from './endpoint.ts';
import type { Digest } from './remote-file.ts';
import { pause, retrying, type Pause } from './retry.ts';
import { answerOf, type WebRequest } from './web-request.ts';

/** A file at the root of a repository. */
export interface ListedFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/** A repository at one commit. */
export interface Repository {
  readonly id: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  readonly files: readonly ListedFile[];
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const Revision = z.object({ sha: hex(40) });
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  oid: hex(40),
  size: z.int().min(0),
  lfs: z.object({ oid: hex(64), size: z.int().min(0) }).optional(),
});
const Page = z.array(Entry);

/** More than any answer of the API takes. */
const mostAnswerBytes = 16 * 2 ** 20;
const mostPages = 20;
const tries = 5;
const offlineTries = 2;

/** `owner/name`, or a name alone as the oldest models have. */
export function isHubId(text: string): boolean {
  return /^[\w][\w.-]*(\/[\w][\w.-]*)?$/.test(text) && !text.includes('..');
}

/**
 * Lists a model repository at a revision (branch, tag or commit), pinned to the commit it names
 * now.
 *
 * @throws MedleyError `offline`, `download-failed`
 */
export async function listRepository(
  hub: Hub,
  { id, revision, signal, wait = pause }: ListOptions,
): Promise<Repository> {
  const what = `${id} at ${revision}`;
  const ask = <T>(url: URL, schema: z.ZodType<T>) =>
    retrying(() => askJson(hub, url, schema, { what, signal }), {
      what,
      tries,
      offlineTries,
      signal,
      pause: wait,
    });
  const api = new URL(`api/models/${id}/`, hub.endpoint);
  const { sha } = (await ask(new URL(`revision/${encodeURIComponent(revision)}`, api), Revision))
    .body;
  const files: ListedFile[] = [];
  let next: URL | null = new URL(`tree/${sha}`, api);
  for (let pages = 0; next !== null && pages < mostPages; pages++) {
    const page: Answer<z.infer<typeof Page>> = await ask(next, Page);
    files.push(...page.body.filter(({ type }) => type === 'file').map(listedFile));
    next = page.next;
  }
  return { id, commit: sha, files };
}

export interface ListOptions {
  readonly id: string;
  readonly revision: string;
  readonly signal: AbortSignal;
  readonly wait?: Pause;
}

function listedFile({ path, oid, size, lfs }: z.infer<typeof Entry>): ListedFile {
  return lfs === undefined
    ? { name: path, size, digest: { kind: 'git-blob', hex: oid } }
    : { name: path, size: lfs.size, digest: { kind: 'sha256', hex: lfs.oid } };
}

/** The address of a file of a repository at a commit. */
export function fileAddress(hub: Hub, { id, commit }: Repository, name: string): URL {
  return new URL(`${id}/resolve/${commit}/${encodeURIComponent(name)}`, hub.endpoint);
}

interface Answer<T> {
  readonly body: T;
  /** The next page of a long list. */
  readonly next: URL | null;
}

function askJson<T>(
  hub: Hub,
  url: URL,
  schema: z.ZodType<T>,
  options: WebRequest,
): Promise<Answer<T>> {
  return answerOf(hub, url, options, async (response) => {
    const body = schema.safeParse(parseJson(await readText(response, url)));
    if (body.success) return { body: body.data, next: nextPage(response, url, hub) };
    throw new MedleyError('download-failed', `${url.host} does not answer as a model hub does.`, {
      subject: url.href,
    });
  });
}

async function readText(response: Response, url: URL): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostAnswerBytes) {
      throw new MedleyError('download-failed', `${url.host} answers without end.`);
    }
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `Link: <address>; rel="next"` (RFC 8288), on the hub's own origin only. */
function nextPage(response: Response, from: URL, hub: Hub): URL | null {
  const link = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  if (link === undefined || !URL.canParse(link, from.href)) return null;
  const next = new URL(link, from);
  return next.origin === hub.endpoint.origin ? next : null;
}
