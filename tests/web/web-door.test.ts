import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineHost } from '#main/engine/process/host.ts';
import { mostAtOnce, mostWaiting } from '#main/engine/process/bounded-transport.ts';
import { sessionMs } from '#main/web/access.ts';
import { maxMessageBytes } from '#main/web/socket-upgrade.ts';
import { openWebDoor, type WebDoor, type WebDoorOptions } from '#main/web/web-door.ts';
import { unwatched } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { memoryEngine } from '../support/memory-engine.ts';

const photoId = 'a'.repeat(32);
const missingId = 'b'.repeat(32);
const photoBytes = Buffer.from('not really a picture, but its bytes');

/** The machine may be busy. */
const patience = { timeout: 20_000 };

let folder: string;
let host: EngineHost;
let emit: ReturnType<typeof memoryEngine>['emit'];
let door: WebDoor;
let cookie: string;
/** The searches that run: each goes on until it is cancelled. */
const searching: AbortSignal[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-web-'));
  await mkdir(join(folder, 'interface/assets'), { recursive: true });
  await writeFile(join(folder, 'interface/index.html'), '<title>the page</title>');
  await writeFile(join(folder, 'interface/assets/app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'outside the interface');
  await writeFile(join(folder, 'photo.jpg'), photoBytes);
  ({ host, emit } = memoryEngine({
    'photos/file': ({ id }) =>
      id === photoId
        ? Promise.resolve({
            path: join(folder, 'photo.jpg'),
            contentType: 'image/jpeg',
            etag: createHash('sha256').update(photoBytes).digest('hex'),
          })
        : Promise.reject(new MedleyError('photo-unknown', 'No such photo.')),
    'search/run': (_params, { signal } = unwatched()) =>
      new Promise((_resolve, reject) => {
        searching.push(signal);
        signal.addEventListener('abort', () => {
          searching.splice(searching.indexOf(signal), 1);
          reject(new MedleyError('cancelled', 'Stopped.'));
        });
      }),
    'settings/get': () =>
      Promise.resolve({
        device: 'cpu',
        modelFolder: null,
        captionerFolder: null,
        adopting: null,
        previous: null,
        writing: { target: 'sidecar', keepTimes: false, mark: true },
      }),
  }));
  door = await openDoor();
});

beforeEach(async () => {
  const answer = await get(pathOf(door.newLink()));
  cookie = String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? '';
});

function openDoor(options: Partial<WebDoorOptions> = {}): Promise<WebDoor> {
  return openWebDoor({
    engine: host,
    interfaceFolder: join(folder, 'interface'),
    sessionsFile: join(folder, 'library/web-sessions.json'),
    port: 0,
    ...options,
  });
}

afterAll(async () => {
  await door.close();
  await host.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  port = door.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

function pathOf(link: string): string {
  const url = new URL(link);
  return url.pathname + url.search;
}

const ownOrigin = () => `http://127.0.0.1:${door.port}`;

/** Resolves to the opened socket, or to the status it was refused with. */
function openSocket(
  headers: Record<string, string>,
  path = '/api',
): Promise<{ socket: WebSocket | null; status: number }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}${path}`, { headers });
    socket.once('open', () => resolve({ socket, status: 101 }));
    socket.once('unexpected-response', (_request, response) => {
      resolve({ socket: null, status: response.statusCode ?? 0 });
      response.destroy();
    });
    socket.on('error', (error) => reject(error));
  });
}

async function ownSocket(): Promise<WebSocket> {
  const { socket } = await openSocket({ origin: ownOrigin(), cookie });
  if (!socket) throw new Error('The socket was refused.');
  socket.removeAllListeners('error');
  socket.on('error', () => {});
  return socket;
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) =>
    socket.once('message', (data) => resolve(JSON.parse(String(data)))),
  );
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

describe('the link', () => {
  it('is exchanged for a session and leads to a clean address', async () => {
    const answer = await get(pathOf(door.newLink()));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<meta http-equiv="refresh" content="0; url=/">');
    expect(answer.body).not.toContain('token');
    expect(answer.headers['cache-control']).toBe('no-store');
    const setCookie = answer.headers['set-cookie']?.[0] ?? '';
    expect(setCookie).toMatch(/; HttpOnly/);
    expect(setCookie).toMatch(/; SameSite=Strict/);
    expect((await get('/', { cookie: setCookie.split(';')[0] ?? '' })).body).toContain('the page');
  });

  it('works once', async () => {
    const path = pathOf(door.newLink());
    expect((await get(path)).status).toBe(200);
    const again = await get(path);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('new link');
  });

  it('ends the validity of an unused one before it', async () => {
    const first = pathOf(door.newLink());
    door.newLink();
    expect((await get(first)).status).toBe(401);
  });

  it('leads a browser that has a session already to the interface', async () => {
    const path = pathOf(door.newLink());
    await get(path);
    const answer = await get(path, { cookie });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
  });

  it('opens for one browser, however many use it at once', async () => {
    const path = pathOf(door.newLink());
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(path)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is not accepted on another path', async () => {
    const token = new URL(door.newLink()).searchParams.get('token') ?? '';
    expect((await get(`/index.html?token=${token}`)).status).toBe(401);
  });
});

describe('a session', () => {
  const sessionsFile = () => join(folder, 'sessions/web-sessions.json');
  /** Signs in at a door of its own, closes that, and opens the next one. */
  async function comeBack(options: Partial<WebDoorOptions> = {}) {
    const own = await openDoor({ sessionsFile: sessionsFile() });
    const answer = await get(pathOf(own.newLink()), {}, 'GET', own.port);
    const secret = String(answer.headers['set-cookie']?.[0]).split(/[=;]/)[1] ?? '';
    await own.close();
    const next = await openDoor({ sessionsFile: sessionsFile(), port: own.port, ...options });
    const ask = (path = '/') =>
      get(path, { cookie: `medley-${next.port}=${secret}` }, 'GET', next.port);
    return { secret, next, ask };
  }
  afterEach(() => void vi.useRealTimers());

  it('outlives a restart on the same port, and the link does not', async () => {
    const { next, ask } = await comeBack();
    expect((await ask()).body).toContain('the page');
    const link = pathOf(next.newLink());
    await next.close();
    const third = await openDoor({ sessionsFile: sessionsFile(), port: next.port });
    expect((await get(link, {}, 'GET', third.port)).status).toBe(401);
    await third.close();
  });

  it('is of no use on another port', async () => {
    const { next, ask } = await comeBack({ port: 0 });
    expect((await ask()).status).toBe(401);
    await next.close();
  });

  it('ends after a week', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { next, ask } = await comeBack();
    vi.setSystemTime(Date.now() + sessionMs - 1000);
    expect((await ask()).status).toBe(200);
    vi.setSystemTime(Date.now() + 2000);
    expect((await ask()).status).toBe(401);
    await next.close();
  });

  it.skipIf(process.platform === 'win32')('is kept where only its owner reads', async () => {
    const { secret, next } = await comeBack();
    expect((await stat(sessionsFile())).mode & 0o777).toBe(0o600);
    expect(await readFile(sessionsFile(), 'utf8')).not.toContain(secret);
    await next.close();
  });

  it('is not made by writing what the file holds into a cookie', async () => {
    const { next } = await comeBack();
    const text = await readFile(sessionsFile(), 'utf8');
    for (const [digest] of text.matchAll(/[0-9a-f]{64}/g)) {
      const headers = { cookie: `medley-${next.port}=${digest}` };
      expect((await get('/', headers, 'GET', next.port)).status).toBe(401);
    }
    await next.close();
  });

  it('ends where the file is damaged, and another can begin', async () => {
    await mkdir(join(folder, 'damaged'));
    const damaged = join(folder, 'damaged/web-sessions.json');
    await writeFile(damaged, '{"sessions":[{"digest":"');
    const { next, ask } = await comeBack({ sessionsFile: damaged });
    expect((await ask()).status).toBe(401);
    expect((await get(pathOf(next.newLink()), {}, 'GET', next.port)).status).toBe(200);
    await next.close();
  });
});

describe('guards', () => {
  it('serve the style of the sign-in page to everybody, and nothing else that way', async () => {
    const page = await get('/');
    const style = /<link rel="stylesheet" href="([^"]+)">/.exec(page.body)?.[1] ?? '';
    const answer = await get(style);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/css' } });
    expect(answer.headers['content-security-policy']).toContain("style-src 'self'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect((await get(style, { host: 'evil.example' })).status).toBe(403);
    expect((await get(style, { origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    expect((await get(`${style}/`)).status).toBe(401);
  });

  it.each(['/', '/assets/app-1a2b.js', `/photo/view/${photoId}`, '/api', '/anything'])(
    'answer %s with 401 where there is no session',
    async (path) => {
      const refused = await get(path);
      expect(refused.status).toBe(401);
      expect(refused.headers['content-security-policy']).toContain("default-src 'none'");
      expect(refused.headers['cache-control']).toBe('no-store');
      expect((await get(path, { cookie: `medley-${door.port}=guess` })).status).toBe(401);
    },
  );

  it.each(['evil.example', 'evil.example:1', '127.0.0.1', '127.0.0.1:1', '[::1]'])(
    'refuse the host %s, session or not',
    async (name) => {
      expect((await get('/', { host: name, cookie })).status).toBe(403);
      expect((await get(pathOf(door.newLink()), { host: name })).status).toBe(403);
    },
  );

  it('accept the other name of this machine', async () => {
    expect((await get('/', { host: `localhost:${door.port}`, cookie })).status).toBe(200);
  });

  it('refuse writes from other origins, and all others as not possible', async () => {
    const origins = ['http://evil.example', 'null', `http://localhost:${door.port}`];
    for (const origin of origins) {
      expect((await get('/', { origin, cookie }, 'POST')).status).toBe(403);
    }
    expect((await get('/', { cookie }, 'POST')).status).toBe(403);
    expect((await get('/', { origin: ownOrigin(), cookie }, 'POST')).status).toBe(405);
    expect((await get('/', { origin: ownOrigin() }, 'DELETE')).status).toBe(401);
  });

  it('listen on the loopback address only', async () => {
    const refused = await new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: door.port });
      socket.once('connect', () => resolve(false));
      socket.once('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });
});

describe('the interface', () => {
  it('is served with its types, policies and caching', async () => {
    const page = await get('/', { cookie });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-cache');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['access-control-allow-origin']).toBeUndefined();

    const script = await get('/assets/app-1a2b.js', { cookie });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
  });

  it('is nothing but its files', async () => {
    expect((await get('/index.html', { cookie })).body).toContain('the page');
    expect((await get('/assets/other.js', { cookie })).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..\\..\\secret.txt',
  ])('does not leave its folder for %s', async (path) => {
    expect((await get(path, { cookie })).body).not.toContain('outside');
  });

  it('says how to build it where it is missing', async () => {
    const opened = openDoor({ interfaceFolder: join(folder, 'none') });
    await expect(opened).rejects.toMatchObject({ code: 'file-missing' });
    await expect(opened).rejects.toThrow(/npm run build/);
  });

  it('names a port that is taken', async () => {
    await expect(openDoor({ port: door.port })).rejects.toMatchObject({
      code: 'port-in-use',
      subject: String(door.port),
    });
  });
});

describe('photos', () => {
  it('are sent by id, and not again to who has them', async () => {
    const answer = await get(`/photo/view/${photoId}`, { cookie });
    expect(answer.body).toBe(photoBytes.toString());
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(answer.headers['content-length']).toBe(String(photoBytes.length));
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(JSON.stringify(answer.headers)).not.toContain(folder);

    const etag = String(answer.headers.etag);
    const again = await get(`/photo/view/${photoId}`, { cookie, 'if-none-match': `"x", ${etag}` });
    expect([again.status, again.body]).toEqual([304, '']);
    const other = await get(`/photo/view/${photoId}`, { cookie, 'if-none-match': '"x"' });
    expect(other.status).toBe(200);
  });

  it('are kept without asking again only under the address of one version', async () => {
    const versioned = await get(`/photo/view/${photoId}?v=1`, { cookie });
    expect(versioned.headers['cache-control']).toContain('immutable');
    const plain = await get(`/photo/view/${photoId}`, { cookie });
    expect(plain.headers['cache-control']).toBe('private, no-cache');
  });

  it.each([
    `/photo/view/${missingId}`,
    `/photo/original/${photoId}`,
    '/photo/view/..%2f..%2fsecret.txt',
    '/photo/view/../../secret.txt',
    `/photo/view/${photoId}%00`,
    `/photo/view/${photoId.toUpperCase()}`,
    `/photo/view/${photoId}/more`,
    '/photo/view/',
  ])('are 404 for %s', async (path) => {
    const answer = await get(path, { cookie });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('outside');
  });
});

describe('the API', () => {
  it('answers calls and hands events on', async () => {
    const socket = await ownSocket();
    socket.send(JSON.stringify({ type: 'request', id: 7, method: 'settings/get', params: null }));
    expect(await nextMessage(socket)).toEqual({
      type: 'reply',
      id: 7,
      result: {
        device: 'cpu',
        modelFolder: null,
        captionerFolder: null,
        adopting: null,
        previous: null,
        writing: { target: 'sidecar', keepTimes: false, mark: true },
      },
    });
    const event = nextMessage(socket);
    emit('notice', { level: 'info', message: 'hello' });
    expect(await event).toMatchObject({ type: 'event', name: 'notice' });
    socket.close();
  });

  it('does not tell a browser where photos lie', async () => {
    const socket = await ownSocket();
    const params = { id: photoId, rendition: 'view' };
    socket.send(JSON.stringify({ type: 'request', id: 1, method: 'photos/file', params }));
    const reply = await nextMessage(socket);
    expect(reply).toMatchObject({ id: 1, error: { code: 'bad-request' } });
    expect(JSON.stringify(reply)).not.toContain(folder);
    socket.close();
  });

  it('answers parameters off the schema and unknown methods with bad-request', async () => {
    const socket = await ownSocket();
    for (const method of ['photos/get', 'toString', '__proto__']) {
      socket.send(JSON.stringify({ type: 'request', id: 2, method, params: { id: '../x' } }));
      expect(await nextMessage(socket)).toMatchObject({ error: { code: 'bad-request' } });
    }
    socket.close();
  });

  it('opens for its own page only', async () => {
    expect((await openSocket({ cookie })).status).toBe(403);
    expect((await openSocket({ cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await openSocket({ origin: ownOrigin() })).status).toBe(401);
    const rebound = { cookie, host: 'evil.example', origin: 'http://evil.example' };
    expect((await openSocket(rebound)).status).toBe(403);
    expect((await openSocket({ cookie, origin: ownOrigin() }, '/')).status).toBe(400);
    expect((await get('/api', { cookie })).status).toBe(426);
  });

  it('closes on what is not JSON, and on a message over the limit', async () => {
    const babbling = await ownSocket();
    babbling.send('{nonsense');
    expect(await closeCode(babbling)).toBe(1007);

    const flooding = await ownSocket();
    flooding.send('x'.repeat(maxMessageBytes + 1));
    expect(await closeCode(flooding)).toBe(1009);

    const sane = await ownSocket();
    sane.send(JSON.stringify({ type: 'request', id: 3, method: 'settings/get', params: null }));
    expect(await nextMessage(sane)).toMatchObject({ id: 3 });
    sane.close();
  });

  it.each([
    ['arrays', '['.repeat(4000) + ']'.repeat(4000)],
    ['objects', '{"a":'.repeat(4000) + '1' + '}'.repeat(4000)],
  ])('closes on %s nested without end', async (_what, nested) => {
    const socket = await ownSocket();
    const code = closeCode(socket);
    socket.send(`{"type":"request","id":1,"method":"photos/get","params":${nested}}`);
    expect(await code).toBe(1007);
  });

  it('reads brackets in a text as text', async () => {
    const socket = await ownSocket();
    const text = `\\"${'[{'.repeat(1000)}\\`;
    const params = { query: { kind: 'text', text } };
    socket.send(JSON.stringify({ type: 'request', id: 1, method: 'search/run', params }));
    expect(await nextMessage(socket)).toMatchObject({ id: 1, error: { code: 'bad-request' } });
    socket.close();
  });

  it('lets a page cancel its call', async () => {
    const socket = await ownSocket();
    const params = { query: { kind: 'text', text: 'a dog' } };
    socket.send(JSON.stringify({ type: 'request', id: 1, method: 'search/run', params }));
    await expect.poll(() => searching.length, patience).toBe(1);
    socket.send(JSON.stringify({ type: 'cancel', id: 1 }));
    expect(await nextMessage(socket)).toMatchObject({ id: 1, error: { code: 'cancelled' } });
    socket.close();
  });

  it('ends the calls of a page that goes away', async () => {
    const socket = await ownSocket();
    const params = { query: { kind: 'text', text: 'a dog' } };
    socket.send(JSON.stringify({ type: 'request', id: 1, method: 'search/run', params }));
    await expect.poll(() => searching.length, patience).toBe(1);
    socket.close();
    await expect.poll(() => searching.length, patience).toBe(0);
  });

  it('works on so many calls of a page at once, and refuses a flood', async () => {
    const socket = await ownSocket();
    const refused: unknown[] = [];
    socket.on('message', (data) => refused.push(JSON.parse(String(data))));
    const params = { query: { kind: 'text', text: 'a dog' } };
    const flood = 3000;
    for (let id = 1; id <= flood; id++) {
      socket.send(JSON.stringify({ type: 'request', id, method: 'search/run', params }));
    }
    await expect.poll(() => refused.length, patience).toBe(flood - mostAtOnce - mostWaiting);
    expect(searching).toHaveLength(mostAtOnce);
    expect(refused[0]).toMatchObject({ error: { code: 'too-many-calls' } });
    socket.close();
    await expect.poll(() => searching.length, patience).toBe(0);
  });

  it('closes on an id that is in use', async () => {
    const socket = await ownSocket();
    const params = { query: { kind: 'text', text: 'a dog' } };
    const call = JSON.stringify({ type: 'request', id: 1, method: 'search/run', params });
    socket.send(call);
    socket.send(call);
    expect(await closeCode(socket)).toBe(1007);
  });

  it('holds no more of unfinished messages than three of the largest', async () => {
    const sockets = await Promise.all(Array.from({ length: 12 }, ownSocket));
    const part = Buffer.alloc(30 * 2 ** 20, ' ');
    let open = sockets.length;
    for (const socket of sockets) socket.once('close', () => open--);
    for (const socket of sockets) socket.send(part, { fin: false, binary: false });
    await expect.poll(() => open, patience).toBeLessThanOrEqual(3);
    for (const socket of sockets) socket.terminate();

    // What they held is free again.
    const params = { query: { kind: 'image', base64: 'A'.repeat(24 * 2 ** 20) } };
    const large = JSON.stringify({ type: 'request', id: 1, method: 'search/run', params });
    const isTaken = async () => {
      const sane = await ownSocket();
      const refused = closeCode(sane).then(() => false);
      sane.send(large);
      const taken = vi.waitUntil(() => searching.length > 0, patience).then(() => true);
      const answer = await Promise.race([refused, taken]);
      sane.terminate();
      taken.catch(() => {});
      return answer;
    };
    await expect.poll(isTaken, patience).toBe(true);
    await expect.poll(() => searching.length, patience).toBe(0);
  });

  it('counts a message until it is answered', async () => {
    const sockets = await Promise.all(Array.from({ length: 6 }, ownSocket));
    let open = sockets.length;
    for (const socket of sockets) socket.once('close', () => open--);
    const params = { query: { kind: 'image', base64: 'A'.repeat(28 * 2 ** 20) } };
    for (const socket of sockets) {
      socket.send(JSON.stringify({ type: 'request', id: 1, method: 'search/run', params }));
    }
    await expect.poll(() => open, patience).toBeLessThanOrEqual(3);
    expect(searching.length).toBeLessThanOrEqual(3);
    for (const socket of sockets) socket.terminate();
    await expect.poll(() => searching.length, patience).toBe(0);
  });

  it('opens no more sockets than anybody has pages', async () => {
    const opened = await Promise.all(
      Array.from({ length: 40 }, () => openSocket({ origin: ownOrigin(), cookie })),
    );
    const refused = opened.filter(({ socket }) => socket === null);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    for (const { socket } of opened) socket?.terminate();
  });

  it('ignores messages that are no requests', async () => {
    const socket = await ownSocket();
    socket.send(JSON.stringify({ type: 'event', name: 'notice', data: {} }));
    socket.send(JSON.stringify([1, 2, 3]));
    socket.send(JSON.stringify({ type: 'request', id: 4, method: 'settings/get', params: null }));
    expect(await nextMessage(socket)).toMatchObject({ type: 'reply', id: 4 });
    socket.close();
  });
});
