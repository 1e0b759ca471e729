import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env } from './onnx-runtime.ts';

/** The version that providers in libraries of their own must match exactly. */
export const onnxRuntimeVersion = env.versions.node ?? env.versions.common;

/** The folder of ONNX Runtime's own library, where it looks for those of its providers. */
export function onnxRuntimeFolder(): string {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve('onnxruntime-node-gpu/package.json'));
  return join(root, 'bin', 'napi-v6', process.platform, process.arch);
}

/** The libraries of the CUDA provider by system; ONNX Runtime looks for no other names. */
export const cudaLibraries: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
};

/** Paths of the CUDA provider's libraries, there or not; none on a system that has no CUDA. */
export function cudaLibraryPaths(folder = onnxRuntimeFolder()): string[] {
  return (cudaLibraries[process.platform] ?? []).map((name) => join(folder, name));
}

export function hasCudaLibraries(folder = onnxRuntimeFolder()): boolean {
  const paths = cudaLibraryPaths(folder);
  return paths.length > 0 && paths.every((path) => existsSync(path));
}
