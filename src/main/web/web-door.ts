import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { EngineHost } from '#main/engine/process/host.ts';
import { windowTransport } from '#main/engine/process/window-transport.ts';
import { MedleyError } from '#shared/errors.ts';
import { openAccess, type Access } from './access.ts';
import { requireOwnHost, requireOwnOrigin, requireSession } from './guards.ts';
import { openInterfaceFiles, type InterfaceFiles } from './interface-files.ts';
import { respondWithPhoto } from './photo-files.ts';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';
import { signInStyle } from './sign-in-page.ts';
import { acceptSockets, upgradeRequired } from './socket-upgrade.ts';

const address = '127.0.0.1';

/** Connections at once; each holds a file handle. */
const mostConnections = 256;

export interface WebDoorOptions {
  readonly engine: Pick<EngineHost, 'attach' | 'invoke'>;
  /** The folder of the built interface. */
  readonly interfaceFolder: string;
  /** Where sessions are kept, so that open pages come back after a restart. */
  readonly sessionsFile: string;
  /** 0 for any free port. */
  readonly port: number;
}

export interface WebDoor {
  readonly port: number;
  /** A new address that opens the interface once. An unused one before it stops working. */
  newLink(): string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves the interface, the photos and the API to browsers on this machine.
 * @throws {MedleyError} `port-in-use`; `file-missing` when the interface has not been built.
 */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const files = await openInterfaceFiles(options.interfaceFolder);
  const access = await openAccess(options.sessionsFile);
  const server = createServer();
  server.maxConnections = mostConnections;
  const port = await listen(server, options.port);
  const app = createRoutes(options.engine, files, access, port);
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  // It answers its own failures.
  server.on('request', (request, response) => void answer(request, response));
  const sockets = acceptSockets(
    server,
    (request) => app.fetch(request),
    (socket) => options.engine.attach(windowTransport(socket)),
  );

  return {
    port,
    newLink: () => `http://${address}:${port}/?token=${access.issueToken()}`,
    close: () =>
      new Promise((resolve) => {
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createRoutes(
  engine: WebDoorOptions['engine'],
  files: InterfaceFiles,
  access: Access,
  port: number,
): Hono {
  const app = new Hono();
  const policy = contentSecurityPolicy();

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', policy);
  });
  app.use(requireOwnHost(port), requireOwnOrigin());
  app.get(signInStyle.path, (c) => c.body(signInStyle.css, 200, { 'Content-Type': 'text/css' }));
  app.use(requireSession(access, port));

  app.get('/api', (c) => c.text('This address speaks WebSocket.', upgradeRequired));
  app.get('/photo/:rendition/:id', (c) =>
    respondWithPhoto(engine, c.req.param('rendition'), c.req.param('id'), {
      ifNoneMatch: c.req.header('if-none-match') ?? null,
      versioned: c.req.query('v') !== undefined,
    }),
  );
  app.get('/photo/*', (c) => c.notFound());
  app.get('*', async (c) => (await files.respond(c.req.path)) ?? c.notFound());
  app.all('*', (c) => c.text('Only reading is possible here.', 405));
  return app;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? portInUse(port, cause) : cause),
    );
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function portInUse(port: number, cause: unknown): MedleyError {
  const message = `Port ${port} is in use: choose another with --port.`;
  return new MedleyError('port-in-use', message, { subject: String(port), cause });
}
