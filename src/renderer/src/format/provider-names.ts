import type { Provider } from '#shared/schemas/model.ts';

export const providerNames: Readonly<Record<Provider, string>> = {
  cpu: 'Processor (CPU)',
  webgpu: 'Graphics card (WebGPU)',
  cuda: 'NVIDIA graphics card (CUDA)',
};
