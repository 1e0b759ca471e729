import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { addFolder } from '#main/models/add-folder.ts';
import { modelsHome } from '#main/models/models-home.ts';
import {
  emptyFolder,
  matchingConfig,
  matchingWeights,
  writeHuggingFace,
  writeOriginal,
} from '../../support/blip-folders.ts';
import { zipFile } from '../../support/zip-file.ts';

/** A guard against readers that wait or grow without end; each takes far less than a second. */
const within = { timeout: 8000 };

let folder = '';
beforeEach(() => {
  folder = writeHuggingFace(matchingConfig, matchingWeights);
});

function put(name: string, content: string | Buffer): void {
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), content);
}

function safetensors(header: string | Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header)]);
}

async function expectRefusal(file: string, message: RegExp): Promise<void> {
  const error: unknown = await openCheckpoint(folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'checkpoint-invalid',
    message: expect.stringContaining(join(folder, file)),
  });
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
}

describe('a model folder', () => {
  test('with weights that hold no tensor is refused by name', async () => {
    put('model.safetensors', safetensors('{}'));
    await expectRefusal('model.safetensors', /no weights/);
  });

  test('with an index that lists nothing is refused by name', async () => {
    rmSync(join(folder, 'model.safetensors'));
    put('model.safetensors.index.json', '{"weight_map":{}}');
    await expectRefusal('model.safetensors.index.json', /no weights/);
  });

  const names = ['model.safetensors', 'config.json', 'vocab.txt', 'preprocessor_config.json'];
  test.each(names)('with a folder as its %s is refused by name', async (name) => {
    rmSync(join(folder, name), { force: true });
    mkdirSync(join(folder, name));
    await expectRefusal(name, /no file/);
  });

  describe.skipIf(process.platform === 'win32')('with a pipe', () => {
    test.each(names)('as its %s is refused by name', within, async (name) => {
      rmSync(join(folder, name), { force: true });
      execFileSync('mkfifo', [join(folder, name)]);
      await expectRefusal(name, /no file/);
    });

    test('as its card opens without one', within, async () => {
      execFileSync('mkfifo', [join(folder, 'README.md')]);
      expect((await openCheckpoint(folder)).card).toBeNull();
    });

    test('that no model needs is added without it', within, async () => {
      execFileSync('mkfifo', [join(folder, 'notes.txt')]);
      const added = await addFolder(modelsHome(emptyFolder(), emptyFolder()), folder);
      expect(added.files.map(({ name }) => name)).not.toContain('notes.txt');
    });
  });

  test.each(['config.json', 'vocab.txt'])('with a %s of 20 GB is refused', within, async (name) => {
    put(name, '');
    truncateSync(join(folder, name), 20e9);
    await expectRefusal(name, /too large/);
  });

  test.each([
    [{ size: 10_000_000 }, /size: must be 1024 pixels at most/],
    [{ size: { height: 8192, width: 8192 } }, /size: must be 1024 pixels at most/],
    [{ image_std: [0.2, 0, 0.2] }, /image_std\.1: must be 0\.001 at least/],
    [{ image_std: [-1, 1, 1] }, /image_std\.0: must be/],
    [{ image_mean: [1e300, 0, 0] }, /image_mean\.0/],
  ])('with %j for its photos is refused by field', async (settings, message) => {
    put('preprocessor_config.json', JSON.stringify(settings));
    await expectRefusal('preprocessor_config.json', message);
  });

  test('with an image size of its own that no memory holds is refused by field', async () => {
    const vision = { ...matchingConfig.vision_config, image_size: 8192 };
    put('config.json', JSON.stringify({ ...matchingConfig, vision_config: vision }));
    await expectRefusal('config.json', /vision_config\.image_size: must be 1024 pixels at most/);
  });

  test('takes no image size that no memory holds', async () => {
    await expect(openCheckpoint(folder, { imageSize: 8192 })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/1024 at most/),
    });
  });
});

describe('a .safetensors file', () => {
  test.each([
    ['of 90 MB of nested lists', () => `${'['.repeat(45e6)}${']'.repeat(45e6)}`],
    ['of nested objects', () => `${'{"a":'.repeat(8e6)}0${'}'.repeat(8e6)}`],
  ])('with a header %s is refused', within, async (_, header) => {
    put('model.safetensors', safetensors(header()));
    await expectRefusal('model.safetensors', /header/);
  });

  test('with too many tensors is refused', within, async () => {
    const entries = Array.from({ length: 70_000 }, (_, i) => `"${i}":0`);
    put('model.safetensors', safetensors(`{${entries.join()}}`));
    await expectRefusal('model.safetensors', /too many tensors/);
  });

  test('with a shape of a million dimensions is refused', within, async () => {
    const shape = Array.from({ length: 1e6 }, () => 1);
    const entry = { dtype: 'F32', shape, data_offsets: [0, 4] };
    const file = safetensors(JSON.stringify({ w: entry }));
    put('model.safetensors', Buffer.concat([file, Buffer.alloc(4)]));
    await expectRefusal('model.safetensors', /tensor w: needs/);
  });
});

describe('a .pth file', () => {
  /** Reads by hand what `torch_save` never wrote: a pickle of these opcodes. */
  function write(...pickle: (string | Buffer)[]): void {
    const data = Buffer.concat(
      pickle.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
    );
    folder = writeOriginal(matchingWeights);
    put('model.pth', zipFile([{ name: 'archive/data.pkl', data }]));
  }

  test('whose tensors share one long shape is refused', within, async () => {
    // Kept as 0 to 2 beside the model: a shape of two million ones, a storage, and the function.
    const shape = `U\x01s(${'K\x01'.repeat(2e6)}tq\x00`;
    const storage = `U\x01t(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x01tQq\x01`;
    const rebuild = 'U\x01fctorch._utils\n_rebuild_tensor_v2\nq\x02';
    const tensors = Array.from({ length: 5000 }, (_, i) => {
      return `U\x04${String(i).padStart(4, '0')}h\x02(h\x01K\x00h\x00h\x00\x89NtR`;
    });
    write('\x80\x02}(', shape, storage, rebuild, 'U\x05model}(', ...tensors, 'uu.');
    await expectRefusal('model.pth', /tensor of another form/);
  });

  test('with too many tensors is refused', within, async () => {
    const entries = Array.from({ length: 70_000 }, (_, i) => {
      return `U\x05${String(i).padStart(5, '0')}N`;
    });
    write('\x80\x02}(', entries.join(''), 'u.');
    await expectRefusal('model.pth', /too many tensors/);
  });

  test('that holds no tensor is refused by name', async () => {
    write('\x80\x02}.');
    await expectRefusal('model.pth', /no weights/);
  });
});
