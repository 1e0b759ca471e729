import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { stopMedley, tinyModel } from './run-medley.ts';

const endless = join(import.meta.dirname, 'endless-command.ts');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-stop-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends a command that does not heed it, within seconds', async () => {
    const { status, seconds } = await stopMedley([], { signal, script: endless, after: 'started' });
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(20);
  });

  it('ends it at once when it comes again', async () => {
    const stopping = { signal, script: endless, after: 'started', again: true };
    const { status, seconds } = await stopMedley([], stopping);
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(5);
  });

  it('ends a download from a hub that does not answer', async () => {
    const hub = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => {
      hub.closeAllConnections();
      hub.close();
    });
    await new Promise((resolve) => hub.once('listening', resolve));
    const endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    const { status, seconds } = await stopMedley(
      ['model', 'download', 'someone/something', '--endpoint', endpoint],
      { signal, after: 'Asking the hub', env: { MEDLEY_MODELS: join(folder, signal) } },
    );
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(10);
  });

  it('ends serve and its engine', async () => {
    const library = join(folder, `library of ${signal}`);
    const { status, seconds } = await stopMedley(
      ['serve', '--port', '0', '--library', library, '--model', tinyModel, '--device', 'cpu'],
      { signal, after: 'http://127.0.0.1' },
    );
    expect(status).toBe(0);
    expect(seconds).toBeLessThan(20);
  });
});
