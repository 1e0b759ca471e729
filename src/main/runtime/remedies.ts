import type { Provider } from '#shared/schemas/model.ts';
import { nvidiaCard, type NvidiaCard } from './nvidia.ts';
import { cudaLibraryPaths, hasCudaLibraries, onnxRuntimeVersion } from './onnx-runtime-files.ts';
import { readDynamicSection } from './elf.ts';
import { findLibrary, linkerPaths, missingLibraries } from './shared-libraries.ts';
import { hasVulkanLoader, vulkanDrivers, vulkanLoader } from './vulkan.ts';

/** The step that would make a provider available that is not; null where none is known. */
export async function remedyFor(provider: Provider): Promise<string | null> {
  switch (provider) {
    case 'cuda':
      return cudaRemedy(await examineCuda());
    case 'webgpu':
      return process.platform === 'linux'
        ? vulkanRemedy(await examineVulkan())
        : 'Install the current driver of the graphics card.';
    case 'dml':
      return 'It needs a DirectX 12 graphics card: install its current driver.';
    case 'coreml':
      return 'It needs macOS 12 or later on an Apple processor.';
    case 'cpu':
      return null;
  }
}

export interface CudaState {
  readonly card: NvidiaCard | null;
  /** Whether the driver's library is found, as it is in containers without its programs. */
  readonly driver: boolean;
  /** Whether the provider's own libraries lie beside ONNX Runtime's. */
  readonly installed: boolean;
  /** The major version of CUDA they are built for; null when unknown. */
  readonly builtFor: number | null;
  /** Libraries that they need and the linker does not find. */
  readonly missing: readonly string[];
}

export interface VulkanState {
  /** Whether the loader is found. */
  readonly loader: boolean;
  /** Manifests of the drivers installed. */
  readonly drivers: readonly string[];
}

export function cudaRemedy(state: CudaState): string | null {
  const { card, driver, installed, builtFor, missing } = state;
  if (!card && !driver)
    return 'It needs an NVIDIA card: nvidia-smi, which its driver brings, finds none.';
  const driverRuns = card?.cuda ? Number.parseInt(card.cuda) : null;
  if (!installed) return 'Run: npm run install:cuda';
  if (builtFor !== null && driverRuns !== null && builtFor > driverRuns) {
    return (
      `The driver runs CUDA ${driverRuns} at most, and the libraries need CUDA ${builtFor}. ` +
      `Update the driver, or run: npm run install:cuda -- --cuda ${driverRuns}`
    );
  }
  if (missing.length === 0) return null;
  return (
    `Missing: ${missing.join(', ')}. Install CUDA ${builtFor ?? ''} and cuDNN 9, from the system's packages or with ` +
    `pip install "onnxruntime-gpu[cuda,cudnn]==${onnxRuntimeVersion}", and start Medley with the ` +
    'folders of these libraries in LD_LIBRARY_PATH.'
  );
}

export function vulkanRemedy({ loader, drivers }: VulkanState): string | null {
  if (!loader) {
    return `Install the Vulkan loader, ${vulkanLoader} (Debian and Ubuntu: libvulkan1).`;
  }
  if (drivers.length > 0) return null;
  return (
    'No Vulkan driver is installed: install that of the graphics card (AMD and Intel on Debian ' +
    'and Ubuntu: mesa-vulkan-drivers; NVIDIA: its own driver).'
  );
}

async function examineCuda(): Promise<CudaState> {
  const card = await nvidiaCard();
  const installed = hasCudaLibraries();
  const paths = await linkerPaths();
  const driver = findLibrary('libcuda.so.1', paths) !== null;
  if (!installed || process.platform !== 'linux') {
    return { card, driver, installed, builtFor: null, missing: [] };
  }
  const missing = new Set<string>();
  let builtFor: number | null = null;
  for (const file of cudaLibraryPaths()) {
    for (const name of await missingLibraries(file, paths)) missing.add(name);
    builtFor ??= cudaMajor((await readDynamicSection(file))?.needed ?? []);
  }
  // The provider opens cuDNN by itself, later.
  if (findLibrary(cudnn, paths) === null) missing.add(cudnn);
  return { card, driver, installed, builtFor, missing: [...missing] };
}

const cudnn = 'libcudnn.so.9';

/** The version in the name of the CUDA runtime among the libraries needed. */
export function cudaMajor(needed: readonly string[]): number | null {
  const version = needed.flatMap((name) => /^libcudart\.so\.(\d+)/.exec(name)?.[1] ?? []);
  return version.length > 0 ? Number(version[0]) : null;
}

async function examineVulkan(): Promise<VulkanState> {
  return { loader: await hasVulkanLoader(), drivers: await vulkanDrivers() };
}
