import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { probeModels } from '#main/med/graphs/probe.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { hasVulkanLoader } from '#main/runtime/vulkan.ts';
import { providersOf } from '#main/runtime/provider-table.ts';
import { DeviceStatus } from '#shared/schemas/model.ts';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';

const bare = process.platform === 'linux' && !(await hasVulkanLoader());

describe('the choice of a device', () => {
  test('the CPU computes in 8-bit integers or f32, in a float type when told to', async () => {
    const status = await chooseDevice({ requested: 'cpu' }, probeModels());
    expect(status).toMatchObject({ requested: 'cpu', provider: 'cpu' });
    expect(['int8', 'f32']).toContain(status.dtype);
    for (const dtype of ['f32', 'f16'] as const) {
      expect((await chooseDevice({ requested: 'cpu', dtype }, probeModels())).dtype).toBe(dtype);
    }
  });

  test('auto always finds one, and says what became of every provider', async () => {
    const status = await chooseDevice({ requested: 'auto' }, probeModels());
    expect(status.candidates.map(({ provider }) => provider)).toEqual(
      providersOf(process.platform),
    );
    expect(status.candidates).toContainEqual(
      expect.objectContaining({ provider: status.provider, available: true }),
    );
    expect(status.reason).toMatch(/^.+\.$/);
  });

  test.runIf(bare)(
    'a Vulkan loader that is missing is told as a reason, and on no terminal',
    async () => {
      const script = join(import.meta.dirname, 'choose-process.ts');
      const run = await promisify(execFile)(process.execPath, [script, 'auto']);
      expect(run.stderr).toBe('');
      const [{ candidates, reason }] = DeviceStatus.array().parse(JSON.parse(run.stdout));
      expect(candidates.find(({ provider }) => provider === 'webgpu')).toMatchObject({
        available: false,
        detail: 'The Vulkan loader, libvulkan.so.1, is missing.',
      });
      expect(reason).toContain('WebGPU: The Vulkan loader, libvulkan.so.1, is missing.');
    },
  );

  test('a Vulkan loader is found where the linker is told to look', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medley-vulkan-'));
    await writeFile(join(folder, 'libvulkan.so.1'), '');
    expect(await hasVulkanLoader({ LD_LIBRARY_PATH: `/nowhere:${folder}` })).toBe(true);
  });

  test.skipIf(noSoftwareVulkan !== null)(
    `a GPU emulated in software is passed over, but can be asked for ${noSoftwareVulkan ?? ''}`,
    async () => {
      const env = await softwareVulkanEnvironment();
      const script = join(import.meta.dirname, 'choose-process.ts');
      const run = promisify(execFile);
      const { stdout } = await run(process.execPath, [script], { env });
      const [automatic, asked] = DeviceStatus.array().parse(JSON.parse(stdout));
      expect(automatic).toMatchObject({ provider: 'cpu' });
      expect(automatic.reason).toMatch(/WebGPU: It is emulated in software/);
      // This driver has no half precision, which must be found out rather than assumed.
      expect(asked).toMatchObject({ provider: 'webgpu', dtype: 'f32' });
    },
  );

  test('a provider that fails here is refused when asked for by name', async () => {
    // No Vulkan driver can be read from this file, and no machine has CUDA under WebGPU's name.
    const script = join(import.meta.dirname, 'choose-process.ts');
    const env = { ...process.env, VK_DRIVER_FILES: '/dev/null', VK_ICD_FILENAMES: '/dev/null' };
    const outcome = promisify(execFile)(process.execPath, [script, 'webgpu'], { env });
    await expect(outcome).rejects.toMatchObject({
      stderr: expect.stringMatching(/device-unavailable.*webgpu cannot be used here/s),
    });
  });
});
