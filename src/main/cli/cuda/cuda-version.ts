import { nvidiaCard } from '#main/runtime/nvidia.ts';
import { findLibrary, linkerPaths } from '#main/runtime/shared-libraries.ts';
import type { CudaMajor } from './provider-package.ts';

/** What of CUDA is here. */
export interface CudaHere {
  /** Major versions whose runtime is installed. */
  readonly runtimes: readonly number[];
  /** The newest major version that the driver runs; null when unknown. */
  readonly driver: number | null;
}

/** The CUDA to install the provider for: the newest runtime installed, else what the driver runs. */
export function chooseCuda({ runtimes, driver }: CudaHere): CudaMajor {
  const newest = runtimes.length > 0 ? Math.max(...runtimes) : (driver ?? 13);
  return newest >= 13 ? 13 : 12;
}

export async function cudaHere(): Promise<CudaHere> {
  const paths = await linkerPaths();
  const card = await nvidiaCard();
  return {
    runtimes: [12, 13].filter((major) => findLibrary(`libcudart.so.${major}`, paths) !== null),
    driver: card?.cuda ? Number.parseInt(card.cuda) : null,
  };
}
