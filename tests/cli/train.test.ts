import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runMedley, tinyModel } from './run-medley.ts';

const folder = mkdtempSync(join(tmpdir(), 'medley-train-'));
const captions = join(folder, 'captions.tsv');
const [out, put] = [join(folder, 'out'), join(folder, 'put down')];
const train = ['train', '--images', folder, '--captions', captions, '--model', tinyModel];
const settings = ['--epochs', '1', '--batch', '8', '--device', 'cpu'];

const Printed = z.object({
  file: z.string(),
  card: z.object({ better: z.boolean(), reason: z.string(), roles: z.array(z.string()) }),
  epochs: z.array(z.object({ epoch: z.number() })),
  unreadable: z.array(z.object({ file: z.string(), reason: z.string() })),
});

beforeAll(async () => {
  const lines: string[] = [];
  for (let i = 0; i < 24; i++) {
    const colour = { r: 10 * i, g: 255 - 9 * i, b: (37 * i) % 256 };
    const picture = sharp({ create: { width: 80, height: 60, channels: 3, background: colour } });
    await picture.jpeg().toFile(join(folder, `${i}.jpg`));
    lines.push(`${i}.jpg\ta ${'red blue big wet'.split(' ')[i % 4]} cat ${'ab'.repeat(i % 7)}`);
    lines.push(`${i}.jpg\tone dog by the ${'sea sofa lake'.split(' ')[i % 3]} ${i}`);
  }
  writeFileSync(join(folder, 'broken.jpg'), 'no picture');
  writeFileSync(captions, `${[...lines, 'broken.jpg\ta cat'].join('\n')}\n`);
});

// A command that trains starts a model for every epoch.
describe('medley train', { timeout: 180_000 }, () => {
  test('leaves an adapter that other commands take, and says what it is worth', async () => {
    const { status, stdout, stderr } = await runMedley([
      ...train,
      ...settings,
      '--out',
      out,
      '--json',
    ]);
    expect(stderr).not.toMatch(/medley:/);
    expect(status).toBe(0);
    const { file, card, epochs, unreadable } = Printed.parse(JSON.parse(stdout));
    expect(file).toBe(join(out, 'adapter.safetensors'));
    expect(readdirSync(out)).toEqual(['adapter.safetensors']);
    expect(card).toMatchObject({ better: false, roles: ['captioner'] });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(unreadable.map((photo) => photo.file)).toEqual([join(folder, 'broken.jpg')]);
    const caption = ['caption', join(folder, '1.jpg'), '--model', tinyModel, '--device', 'cpu'];
    const adapted = await runMedley([...caption, '--adapter', file]);
    expect(adapted).toMatchObject({ status: 0, stderr: '' });
    const twice = await runMedley([...caption, '--adapter', file, '--adapter', file]);
    expect(twice.status).toBe(1);
    expect(twice.stderr).toMatch(/is for the same\. Take one/);
    const other = await runMedley([
      ...['caption', join(folder, '1.jpg'), '--device', 'cpu', '--adapter', file],
    ]);
    expect(other.stderr).toMatch(/is for the model tiny@\w+, not for starter@\w+/);
  });

  test('is put down by Ctrl+C, goes on with --resume, and ends with the same bytes', async () => {
    const args = [...train, ...settings, '--out', put];
    let signalled = false;
    const stopped = await runMedley(args, {
      onLog: (text, child) => {
        if (signalled || !text.includes(' of ')) return;
        signalled = child.kill('SIGINT');
      },
    });
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain('the same with --resume goes on');
    const resumed = await runMedley([...args, '--resume']);
    expect(resumed.status).toBe(0);
    expect(resumed.stdout).toMatch(/Kept aside as .*adapter\.safetensors; the model is as it was/);
    const [whole, again] = [out, put].map((each) =>
      readFileSync(join(each, 'adapter.safetensors')),
    );
    expect(again.equals(whole)).toBe(true);
  });
});
