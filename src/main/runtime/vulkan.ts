import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { onnxRuntimeFolder } from './onnx-runtime-files.ts';
import { findLibrary, linkerPaths } from './shared-libraries.ts';

/** What WebGPU opens on Linux to find a graphics card. */
export const vulkanLoader = 'libvulkan.so.1';

/** Whether that is found: beside the library that opens it, beside this program, or where the linker looks. */
export async function hasVulkanLoader(environment: NodeJS.ProcessEnv = process.env) {
  const beside = [onnxRuntimeFolder(), dirname(process.execPath)];
  return findLibrary(vulkanLoader, await linkerPaths(environment), beside) !== null;
}

/**
 * The Vulkan drivers installed on Linux: manifests that the loader would read (LoaderDriverInterface
 * of the Vulkan loader's documentation). One is no proof of a card, none is proof of no driver.
 */
export async function vulkanDrivers(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const named = environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES;
  if (named) return named.split(':').filter((file) => file !== '');
  const found: string[] = [];
  for (const folder of manifestFolders(environment)) {
    const files = await readdir(folder).catch(() => []);
    found.push(...files.filter((file) => file.endsWith('.json')).map((file) => join(folder, file)));
  }
  return found;
}

function manifestFolders(environment: NodeJS.ProcessEnv): string[] {
  const home = homedir();
  const list = (value: string | undefined, fallback: string) => (value || fallback).split(':');
  const bases = [
    environment.XDG_CONFIG_HOME || join(home, '.config'),
    ...list(environment.XDG_CONFIG_DIRS, '/etc/xdg'),
    '/etc',
    environment.XDG_DATA_HOME || join(home, '.local', 'share'),
    ...list(environment.XDG_DATA_DIRS, '/usr/local/share:/usr/share'),
  ];
  return [...new Set(bases)].map((base) => join(base, 'vulkan', 'icd.d'));
}
