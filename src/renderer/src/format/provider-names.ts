import type { Provider } from '#shared/schemas/model.ts';

export const providerNames: Readonly<Record<Provider, string>> = {
  cpu: 'Processor (CPU)',
  webgpu: 'Graphics card (WebGPU)',
  cuda: 'NVIDIA graphics card (CUDA)',
  dml: 'Graphics card (DirectML)',
  coreml: 'Apple graphics and neural engine (Core ML)',
};
