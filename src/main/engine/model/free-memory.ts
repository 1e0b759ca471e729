import { freemem, totalmem } from 'node:os';
import { nvidiaCard } from '#main/runtime/nvidia.ts';
import type { Provider } from '#shared/schemas/model.ts';

export interface FreeMemory {
  readonly free: number;
  readonly total: number;
}

/**
 * Bytes that a provider has to compute in, where that can be known: the system's for the CPU, the
 * card's for CUDA. For others it shows only in trying.
 */
export async function freeMemoryOf(provider: Provider): Promise<FreeMemory | null> {
  if (provider === 'cpu') return { free: freemem(), total: totalmem() };
  if (provider !== 'cuda') return null;
  const card = await nvidiaCard();
  return card && { free: card.freeBytes, total: card.totalBytes };
}
