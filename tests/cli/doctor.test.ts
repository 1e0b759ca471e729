import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { providersOf } from '#main/runtime/provider-table.ts';
import { runMedley, tinyModel, type Finished } from './run-medley.ts';

const Report = z.object({
  ok: z.boolean(),
  sections: z.array(
    z.object({
      title: z.string(),
      checks: z.array(
        z.object({
          name: z.string(),
          state: z.enum(['ok', 'off', 'broken']),
          detail: z.string(),
          remedy: z.string().nullable(),
        }),
      ),
    }),
  ),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-doctor-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const library = () => join(folder, 'library');
const doctor = (args: readonly string[]) =>
  runMedley(['doctor', '--model', tinyModel, '--library', library(), ...args]);

function report({ stdout }: Finished) {
  const { ok, sections } = Report.parse(JSON.parse(stdout));
  const checks = sections.flatMap(({ title, checks }) =>
    checks.map((each) => ({ title, ...each })),
  );
  const find = (title: string, name: string) =>
    checks.find((each) => each.title === title && each.name === name);
  return { ok, sections, checks, find };
}

describe.concurrent('medley doctor', () => {
  it('finds that Medley can run, and why each device can or cannot be used', async () => {
    const run = await doctor(['--json', '--device', 'cpu']);
    expect(run.status).toBe(0);
    const { ok, sections, find } = report(run);
    expect(ok).toBe(true);
    expect(sections.map(({ title }) => title)).toEqual([
      'System',
      'Parts',
      'Library',
      'Devices',
      'Model',
    ]);
    expect(find('System', 'Node')?.detail).toBe(process.versions.node);
    expect(find('Model', 'Runs')?.detail).toMatch(/^on cpu in f32\./);
    expect(find('Model', 'Batches')?.detail).toMatch(/^4 photos to embed, 4 to caption/);
    const devices = sections.find(({ title }) => title === 'Devices')?.checks ?? [];
    expect(devices.map(({ name }) => name)).toEqual(providersOf(process.platform));
    for (const { state, detail } of devices) {
      expect(state).not.toBe('broken');
      expect(detail).toMatch(/\.$/);
    }
    // Looking makes nothing.
    expect(await readdir(folder)).not.toContain('library');
  });

  it('says so in words, and ends', async () => {
    const { status, stdout } = await doctor(['--device', 'cpu']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Devices$/m);
    expect(stdout).toMatch(/^ {2}✓ cpu/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Medley can run here.');
  });

  it('opens the model that ships when none is named', async () => {
    const run = await runMedley([
      ...['doctor', '--json', '--device', 'cpu', '--library', library()],
    ]);
    expect(run.status).toBe(0);
    expect(report(run).find('Model', 'Opens')?.detail).toMatch(/^starter@/);
  });

  it('names what keeps Medley from running, with status 1', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const run = await runMedley([
      ...['doctor', '--json', '--device', 'cpu'],
      ...['--model', join(folder, 'no-model'), '--library', join(file, 'library')],
    ]);
    expect(run.status).toBe(1);
    const { ok, checks } = report(run);
    expect(ok).toBe(false);
    expect(checks.filter(({ state }) => state === 'broken')).toMatchObject([
      { title: 'Library', name: 'Folder', remedy: expect.stringContaining('--library') },
      { title: 'Model', name: 'Opens', remedy: expect.stringContaining('--model') },
    ]);
  });
});
