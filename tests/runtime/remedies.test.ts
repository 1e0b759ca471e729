import { describe, expect, it } from 'vitest';
import { parseCard } from '#main/runtime/nvidia.ts';
import { cudaMajor, cudaRemedy, vulkanRemedy, type CudaState } from '#main/runtime/remedies.ts';

const card = {
  name: 'NVIDIA GeForce RTX 4070',
  driver: '550.54.14',
  cuda: '12.4',
  totalBytes: 12e9,
  freeBytes: 11e9,
};
const ready: CudaState = { card, driver: true, installed: true, builtFor: 12, missing: [] };

describe('what would make CUDA available', () => {
  it.each<[string, Partial<CudaState>, RegExp | null]>([
    ['all there', {}, null],
    ['no card', { card: null, driver: false, installed: false }, /NVIDIA card/],
    ['a container without nvidia-smi', { card: null, installed: false }, /install:cuda/],
    ['nothing installed', { installed: false, builtFor: null }, /^Run: npm run install:cuda$/],
    ['too old a driver', { builtFor: 13 }, /CUDA 13\. Update .*install:cuda -- --cuda 12$/],
    [
      'missing libraries',
      { missing: ['libcudart.so.12', 'libcudnn.so.9'] },
      /^Missing: libcudart\.so\.12, libcudnn\.so\.9\. Install CUDA 12.*LD_LIBRARY_PATH/,
    ],
  ])('%s', (_, state, words) => {
    const remedy = cudaRemedy({ ...ready, ...state });
    if (words === null) expect(remedy).toBeNull();
    else expect(remedy).toMatch(words);
  });

  it('reads what nvidia-smi says', () => {
    const report =
      '==============NVSMI LOG==============\n\nCUDA Version                              : 12.4\n';
    expect(parseCard('NVIDIA H100 80GB HBM3, 550.54.14, 81559, 80994', report)).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      driver: '550.54.14',
      cuda: '12.4',
      totalBytes: 81559 * 2 ** 20,
      freeBytes: 80994 * 2 ** 20,
    });
    expect(parseCard('No devices were found', '')).toBeNull();
  });

  it('knows the CUDA that libraries are built for', () => {
    expect(cudaMajor(['libcublas.so.13', 'libcudart.so.13', 'libc.so.6'])).toBe(13);
    expect(cudaMajor(['libc.so.6'])).toBeNull();
  });
});

describe('what would make Vulkan available', () => {
  it('is its loader first, then a driver', () => {
    expect(vulkanRemedy({ loader: false, drivers: [] })).toMatch(/libvulkan1/);
    expect(vulkanRemedy({ loader: true, drivers: [] })).toMatch(/mesa-vulkan-drivers/);
    expect(vulkanRemedy({ loader: true, drivers: ['/usr/share/vulkan/icd.d/x.json'] })).toBeNull();
  });
});
