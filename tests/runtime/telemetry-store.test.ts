import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeTelemetryStore, telemetryFolder } from '#main/runtime/telemetry-store.ts';
import { temporaryFolder } from '../library/pictures.ts';

test('what ONNX Runtime kept to post is deleted, and nothing else', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, '.onnxruntime');
  mkdirSync(folder);
  const left = ['deviceid', 'onnxruntime.db', 'onnxruntime.db-shm', 'onnxruntime.db-wal'];
  for (const name of [...left, 'of another program']) writeFileSync(join(folder, name), 'x');
  await removeTelemetryStore(folder);
  expect(readdirSync(folder)).toEqual(['of another program']);
});

test('its folder goes when it is empty', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, '.onnxruntime');
  mkdirSync(folder);
  writeFileSync(join(folder, 'onnxruntime.db'), 'x');
  await removeTelemetryStore(folder);
  expect(readdirSync(parent)).toEqual([]);
});

test('a machine that has none is no fault', async () => {
  await removeTelemetryStore(join(temporaryFolder(), 'nothing here'));
  await removeTelemetryStore(null);
});

test('it lies where ONNX Runtime puts it', () => {
  const below = join('Microsoft', 'DeveloperTools', '.onnxruntime');
  expect(telemetryFolder('linux', '/cache')).toBe(join('/cache', below));
  // Seen of ONNX Runtime 1.30: it passes over what is no absolute path.
  for (const none of ['', 'cache']) {
    expect(telemetryFolder('linux', none)).toBe(join(homedir(), '.cache', below));
  }
  expect(telemetryFolder('darwin')).toBe(join(homedir(), 'Library', 'Application Support', below));
  expect(telemetryFolder('win32')).toBeNull();
});
