import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runMedley, tinyModel } from './run-medley.ts';

const folder = mkdtempSync(join(tmpdir(), 'medley-bootstrap-'));
const [clean, noisy] = [join(folder, 'clean.tsv'), join(folder, 'noisy.csv')];
const out = join(folder, 'out');
const bootstrap = ['bootstrap', '--images', folder, '--clean', clean, '--noisy', noisy];
const settings = ['--model', tinyModel, '--device', 'cpu', '--batch', '8', '--trainable', 'heads'];
const epochs = ['--epochs', '1', '--tuning-epochs', '1', '--plant-noise', '0.5', '--out', out];

beforeAll(async () => {
  const colours = 'red blue big wet'.split(' ');
  const lines: string[] = [];
  for (let i = 0; i < 63; i++) {
    const colour = { r: 4 * i, g: 255 - 4 * i, b: (37 * i) % 256 };
    const picture = sharp({ create: { width: 80, height: 60, channels: 3, background: colour } });
    await picture.jpeg().toFile(join(folder, `${i}.jpg`));
    lines.push(`${i}.jpg\ta ${colours[i % 4]} cat ${'ab'.repeat(i % 7)} by ${i}`);
  }
  writeFileSync(clean, `${lines.slice(0, 50).join('\n')}\n`);
  const doubtful = lines.slice(50).map((line) => line.replace('\t', ','));
  writeFileSync(noisy, `file,caption\n${doubtful.join('\n')}\n`);
  writeFileSync(join(folder, '62.jpg'), 'no picture');
});

// A command that trains starts a model for every epoch.
describe('medley bootstrap', { timeout: 180_000 }, () => {
  test('says what was taken out and whether that helped, and leaves what the trainer takes', async () => {
    const { status, stdout, stderr } = await runMedley([...bootstrap, ...settings, ...epochs]);
    expect(stderr).not.toMatch(/medley:/);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^30 photos with clean captions learnt from, 10 for stopping; 12 with/);
    expect(stdout).toContain(`left out: ${join(folder, '62.jpg')}:`);
    expect(stdout).toMatch(/of the wrong ones: \d of 6 \(\d+ % to \d+ %\)/);
    expect(stdout).toMatch(/mean recall .*\d +[+−].* to [+−]/);
    expect(stdout).toMatch(/^Cleaning .*, on photos kept from training: .*mean recall/m);
    // The same again takes what is there, with a table more than before.
    const again = await runMedley([
      ...[...bootstrap, ...settings, ...epochs],
      ...['--table', '2', '--json'],
    ]);
    const Printed = z.object({ tables: z.array(z.object({ reference: z.string() })) });
    expect(Printed.parse(JSON.parse(again.stdout)).tables).toEqual([{ reference: 'beam' }]);
    const cleaned = join(out, 'cleaned.jsonl');
    expect(readFileSync(cleaned, 'utf8')).toMatch(/^\{"file_name":"\d+\.jpg","text":/);
    const train = ['train', '--images', folder, '--captions', cleaned, '--out', join(folder, 'x')];
    const trained = await runMedley([...train, ...settings, '--epochs', '1']);
    expect(trained.status).toBe(0);
  });

  test('what makes no sense is refused', async () => {
    const both = ['--plant-nearest', '0.6', ...epochs];
    const shares = await runMedley([...bootstrap, ...settings, ...both]);
    expect(shares.status).toBe(1);
    expect(shares.stderr).toMatch(/are shares of the same captions/);
    const table = await runMedley([...bootstrap, ...settings, ...epochs, '--table', '3']);
    expect(table.stderr).toMatch(/Allowed choices are 1, 2, 4/);
    const same = ['bootstrap', '--images', folder, '--clean', clean, '--noisy', clean];
    const none = await runMedley([...same, ...settings, '--out', join(folder, 'none')]);
    expect(none.status).toBe(1);
    expect(none.stderr).toMatch(/None of the noisy photos is left: all are clean too/);
  });
});
