import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** Why there is no software Vulkan driver here; null where there is one. */
export const noSoftwareVulkan =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : 'the software Vulkan driver from npm is built for Linux x64 only';

/**
 * The environment in which a new process finds SwiftShader, Chromium's software Vulkan driver, and
 * a Vulkan loader: ONNX Runtime's webgpu provider then runs without a GPU. Both come with the npm
 * package `@sparticuz/chromium` and are unpacked once to the temporary folder.
 */
export async function softwareVulkanEnvironment(): Promise<NodeJS.ProcessEnv> {
  const folder = await unpackedDriver();
  return {
    ...process.env,
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
  };
}

async function unpackedDriver(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const archive = join(dirname(entry), '..', 'bin', 'swiftshader.tar.br');
  const folder = join(tmpdir(), 'medley-software-vulkan');
  if (existsSync(folder)) return folder;
  // Unpacked beside and moved into place whole, as several test processes may do this at once.
  const draft = await mkdtemp(`${folder}-`);
  const tar = spawn('tar', ['-x', '-C', draft], { stdio: ['pipe', 'inherit', 'inherit'] });
  const closed = once(tar, 'close');
  // tar may stop reading at the archive's end mark, before the padding after it: its status counts.
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin).catch(() => {});
  const [code] = await closed;
  if (code !== 0) throw new Error(`tar ended with ${code} on ${archive}`);
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  return folder;
}
