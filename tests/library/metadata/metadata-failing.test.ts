import { writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { childProcesses, killHard, noProcessList } from '../../support/child-processes.ts';
import { photograph, temporaryFolder } from '../pictures.ts';

async function photo(): Promise<string> {
  const path = join(temporaryFolder(), 'photo.jpg');
  writeFileSync(path, await photograph(1));
  return path;
}

/** A program in the place of exiftool. */
async function program(text: string): Promise<string> {
  const path = join(temporaryFolder(), 'exiftool');
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

function open(program?: string) {
  const problems: string[] = [];
  const reader = new MetadataReader({
    ...(program !== undefined && { program }),
    onProblem: (message) => problems.push(message),
  });
  onTestFinished(() => reader.close());
  return { reader, problems };
}

describe('an exiftool that cannot be started is told once, and nothing waits for it', () => {
  const failing: [string, () => Promise<string>, RegExp][] = [
    ['is missing', async () => join(temporaryFolder(), 'exiftool'), /ENOENT/],
    ['may not be run', photo, /EACCES/],
    ['ends at once', () => program('#!/bin/sh\nexit 127\n'), /exiftool does not start/],
    [
      'cannot load Perl modules',
      () => program('#!/bin/sh\nread x\nexit 2\n'),
      /exiftool does not start/,
    ],
  ];
  test.each(failing)('that %s', async (_, find, reason) => {
    const { reader, problems } = open(await find());
    const file = await photo();
    expect(await Promise.all([reader.read(file), reader.read(file)])).toEqual([null, null]);
    expect(await reader.read(file)).toBeNull();
    expect(await reader.problem()).toMatch(reason);
    expect(problems).toEqual([
      expect.stringMatching(/^Capture times and captions .* cannot be read/),
    ]);
    expect(problems[0]).toMatch(reason);
  });
});

describe.skipIf(noProcessList !== null)(`an exiftool that dies ${noProcessList ?? ''}`, () => {
  const exiftools = () => childProcesses(process.pid, 'exiftool');

  test('is started again', async () => {
    const { reader, problems } = open();
    const file = await photo();
    const said = await reader.read(file);
    expect(said).not.toBeNull();
    for (const pid of exiftools()) killHard(pid);
    expect(await reader.read(file)).toEqual(said);
    expect(problems).toEqual([]);
  });

  test('whenever it is started is a problem, not a photo without metadata', async () => {
    const { reader, problems } = open();
    const file = await photo();
    const killing = setInterval(() => exiftools().forEach(killHard), 5);
    onTestFinished(() => clearInterval(killing));
    expect(await reader.read(file)).toBeNull();
    expect(problems).toHaveLength(1);
  });
});

test('closing a reader tells nothing', async () => {
  const { reader, problems } = open();
  const reading = reader.read(await photo());
  await reader.close();
  await reading;
  expect(problems).toEqual([]);
});

test('a file that exiftool fails on has no metadata, and is no problem of exiftool', async () => {
  const { reader, problems } = open();
  expect(await reader.read('/nowhere/photo.jpg')).toEqual({});
  expect(problems).toEqual([]);
});
