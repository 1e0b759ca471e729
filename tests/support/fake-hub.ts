import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What goes wrong with one answer that carries a file. */
export type HubFault =
  /** The connection breaks after so many bytes of the body. */
  | { readonly kind: 'drop'; readonly after: number }
  /** So many bytes, announced as all there is to come. */
  | { readonly kind: 'truncate'; readonly after: number }
  /** Announces more bytes than it sends before it hangs up. */
  | { readonly kind: 'announce-more' }
  /** Sends more bytes than the file has. */
  | { readonly kind: 'surplus' }
  /** The whole file, whatever range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Another range than was asked for. */
  | { readonly kind: 'wrong-range' }
  /** From now on the file has another tag. */
  | { readonly kind: 'new-tag' }
  /** One bit is wrong. */
  | { readonly kind: 'corrupt' }
  /** So many bytes, then nothing more, with the connection open. */
  | { readonly kind: 'silence'; readonly after: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string };

export interface HubRequest {
  readonly host: 'hub' | 'store';
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

interface HubModel {
  commit: string;
  readonly files: Map<string, Buffer>;
}

const sha = (kind: 'sha1' | 'sha256', content: Buffer | string) =>
  createHash(kind).update(content).digest('hex');

/** A file this large is kept apart, as on the real hub. */
const large = /\.(safetensors|pth|bin)$/;

/**
 * A model hub on this machine: its API, and a second server, with an origin of its own, that large
 * files are redirected to.
 */
export class FakeHub {
  readonly requests: HubRequest[] = [];
  /** Faults by file name, one for each coming answer that carries the file. */
  readonly faults = new Map<string, HubFault[]>();
  /** Answers of the API, one for each coming call. */
  readonly apiStatuses: number[] = [];
  /** Without this token nothing is to be had. */
  token: string | null = null;
  /** Sends a file in pieces with a pause between, so that there is time to watch or to kill. */
  slow: { readonly bytes: number; readonly pauseMs: number } | null = null;
  /** Entries of a page of a file list. */
  pageSize = 1000;
  /** Where large files are redirected to; null for the store. */
  redirectTo: string | null = null;
  readonly #models = new Map<string, HubModel>();
  readonly #tags = new Map<string, string>();
  readonly #hub: Server;
  readonly #store: Server;
  #pretended: { path: string; sha256: string } | null = null;

  private constructor() {
    this.#hub = createServer((request, response) => void this.#answerHub(request, response));
    this.#store = createServer((request, response) => void this.#answerStore(request, response));
  }

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    await Promise.all(
      [hub.#hub, hub.#store].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')),
    );
    return hub;
  }

  get endpoint(): string {
    return addressOf(this.#hub);
  }

  /** The address of a large file outside of any repository. */
  originalAddress(id: string, name: string): string {
    return `${addressOf(this.#store)}/${id}/${name}`;
  }

  put(id: string, files: Readonly<Record<string, Buffer>>): void {
    const all = new Map(Object.entries(files));
    const commit = sha('sha1', [...all].map(([name, body]) => name + sha('sha1', body)).join());
    this.#models.set(id, { commit, files: all });
  }

  /** Forgets requests, faults and settings; models and their tags stay. */
  reset(): void {
    this.requests.length = 0;
    this.faults.clear();
    this.apiStatuses.length = 0;
    this.token = null;
    this.slow = null;
    this.pageSize = 1000;
    this.redirectTo = null;
    this.#pretended = null;
  }

  /** Lists another SHA-256 for a file than it has. */
  pretendHash(path: string, sha256: string): void {
    this.#pretended = { path, sha256 };
  }

  /** Requests for the contents of a file. */
  requestsFor(name: string): HubRequest[] {
    return this.requests.filter(
      ({ path, method }) => method === 'GET' && path.endsWith(`/${name}`),
    );
  }

  async close(): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#note('hub', request);
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) {
      return end(response, 401);
    }
    const api = /^\/api\/models\/(.+)\/(revision|tree)\/([^/?]+)(?:\?page=(\d+))?$/.exec(path);
    if (api) return this.#answerApi(response, api[1], api[2], api[3], Number(api[4] ?? 0));
    const [, id = '', commit = '', name = ''] = /^\/(.+)\/resolve\/(\w+)\/(.+)$/.exec(path) ?? [];
    const model = this.#models.get(id);
    const body = model?.files.get(name);
    if (!model || !body || commit !== model.commit) return end(response, 404);
    if (!large.test(name)) return this.#send(request, response, `${id}/${name}`, body);
    response.writeHead(302, {
      location: this.redirectTo ?? `${addressOf(this.#store)}/${id}/${name}`,
      'x-linked-etag': `"${sha('sha256', body)}"`,
    });
    response.end('Found.');
  }

  #answerApi(
    response: ServerResponse,
    id: string,
    kind: string,
    revision: string,
    page: number,
  ): void {
    const status = this.apiStatuses.shift() ?? 200;
    if (status !== 200) return end(response, status);
    const model = this.#models.get(id);
    const known = model && ['main', model.commit].includes(revision);
    if (!known) return end(response, 404);
    if (kind === 'revision') return json(response, { id, sha: model.commit });
    const entries = [...model.files].map(([path, body]) => ({
      type: 'file',
      oid: sha('sha1', Buffer.concat([Buffer.from(`blob ${body.length}\0`), body])),
      size: body.length,
      path,
      ...(large.test(path) && {
        lfs: { oid: this.#hashOf(path, body), size: body.length, pointerSize: 134 },
      }),
    }));
    entries.push({ type: 'directory', oid: '0'.repeat(40), size: 0, path: 'onnx' });
    const from = page * this.pageSize;
    if (from + this.pageSize < entries.length) {
      const next = `${this.endpoint}/api/models/${id}/tree/${revision}?page=${page + 1}`;
      response.setHeader('link', `<${next}>; rel="next"`);
    }
    json(response, entries.slice(from, from + this.pageSize));
  }

  #hashOf(path: string, body: Buffer): string {
    return this.#pretended?.path === path ? this.#pretended.sha256 : sha('sha256', body);
  }

  async #answerStore(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#note('store', request);
    const [, id = '', name = ''] = /^\/(.+)\/([^/]+)$/.exec(path) ?? [];
    const body = this.#models.get(id)?.files.get(name);
    if (!body) return end(response, 404);
    await this.#send(request, response, `${id}/${name}`, body);
  }

  #note(host: HubRequest['host'], { method = '', url = '', headers }: IncomingMessage): string {
    this.requests.push({ host, method, path: url, headers });
    return url;
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    whole: Buffer,
  ): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const fault = request.method === 'GET' ? this.faults.get(name)?.shift() : undefined;
    if (fault?.kind === 'status') {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      return end(response, fault.status);
    }
    if (fault?.kind === 'new-tag') this.#tags.set(path, `"tag ${this.requests.length}"`);
    const tag = this.#tags.get(path) ?? `"${sha('sha1', whole)}"`;
    const from = fault?.kind === 'ignore-range' ? 0 : startOf(request, tag);
    if (from >= whole.length) return end(response, 416);
    const body = bodyFor(whole.subarray(from), fault);
    response.setHeader('etag', tag);
    response.setHeader('content-length', announced(body.length, fault));
    if (from > 0) {
      const shown = fault?.kind === 'wrong-range' ? from + 1 : from;
      response.setHeader('content-range', `bytes ${shown}-${whole.length - 1}/${whole.length}`);
    }
    response.writeHead(from > 0 ? 206 : 200);
    if (request.method === 'HEAD') return void response.end();
    const cut = fault?.kind === 'drop' || fault?.kind === 'silence' ? fault.after : body.length;
    await this.#write(response, body.subarray(0, cut));
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'drop' || fault?.kind === 'announce-more') {
      // What is in flight should arrive before the line goes dead.
      return void setImmediate(() => response.destroy());
    }
    response.end();
  }

  async #write(response: ServerResponse, body: Buffer): Promise<void> {
    const { bytes, pauseMs } = this.slow ?? { bytes: 65_536, pauseMs: 0 };
    for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
      response.write(body.subarray(at, at + bytes));
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server is closed.');
  return `http://127.0.0.1:${address.port}`;
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end(`status ${status}`);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** The first byte of the range asked for, if it is of the file that is there now. */
function startOf({ headers }: IncomingMessage, tag: string): number {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const condition = headers['if-range'];
  return from === undefined || (condition !== undefined && condition !== tag) ? 0 : Number(from);
}

function bodyFor(rest: Buffer, fault: HubFault | undefined): Buffer {
  if (fault?.kind === 'truncate') return rest.subarray(0, fault.after);
  if (fault?.kind === 'surplus') return Buffer.concat([rest, Buffer.from('surplus')]);
  if (fault?.kind !== 'corrupt') return rest;
  const copy = Buffer.from(rest);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function announced(length: number, fault: HubFault | undefined): number {
  return fault?.kind === 'announce-more' ? length + 1000 : length;
}
