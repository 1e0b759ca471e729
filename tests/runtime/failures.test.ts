import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  inPlainWords,
  plainReason,
  type RunFailure,
} from '#main/runtime/failures.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { outgrow } from './outgrow.ts';

const node = 'Non-zero status code returned while running MatMul node. Status Message: ';

/** Words of ONNX Runtime 1.30 as met, or as its users reported them. */
const messages: [RunFailure, Provider, string][] = [
  [
    'memory',
    'cuda',
    `${node}/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 939524096`,
  ],
  [
    'memory',
    'cuda',
    'CUDA failure 2: out of memory ; GPU=0 ; hostname=x ; expr=cudaMalloc(&p, size);',
  ],
  [
    'memory',
    'cuda',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; line=73 ; expr=cublasCreate(&cublas_handle_);',
  ],
  ['device', 'cuda', 'CUDA failure 700: an illegal memory access was encountered ; GPU=0 ;'],
  ['device', 'cuda', 'CUDNN failure 8: CUDNN_STATUS_EXECUTION_FAILED ; GPU=0 ;'],
  [
    'memory',
    'webgpu',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.\n - While validating entries[2]',
  ],
  ['memory', 'webgpu', `${node}Too many storage buffers in shader. Current: 40, Max is 12`],
  [
    'device',
    'webgpu',
    'WebGPU validation failed. [Device] is lost.\n - While calling [Device].CreateBuffer',
  ],
  [
    'device',
    'webgpu',
    `${node}Failed to create a WebGPU compute pipeline: A valid external Instance reference no longer exists.`,
  ],
  [
    'memory',
    'dml',
    `${node}DmlCommittedResource.cpp(22)\\onnxruntime.dll!... (caller: ...) Exception(1) 8007000E Not enough memory resources are available to complete this operation.`,
  ],
  [
    'device',
    'dml',
    'DmlGraphFusionHelper.cpp(1078) 887A0006 The GPU will not respond to more commands',
  ],
  [
    'device',
    'coreml',
    `${node}Error executing model: Unable to compute the prediction using ML Program. (CoreML)`,
  ],
  ['device', 'dml', `${node}the parameter is incorrect.`],
  [null, 'cpu', `${node}the parameter is incorrect.`],
  [null, 'webgpu', 'A photo has 12 numbers, not 1728.'],
];

describe('the failures of a session', () => {
  it.each(messages)('%s, on %s: %s', (kind, provider, message) => {
    expect(classifyFailure(new Error(message), provider)).toBe(kind);
    expect(classifyFailure(inPlainWords(new Error(message)), provider)).toBe(kind);
  });

  it('knows the real words for a lack of memory on the CPU', async () => {
    // The product of these vectors takes 64 TB.
    expect(await outgrow('cpu', 4_000_000)).toEqual({ failure: 'memory', after: 4 });
  });

  it.skipIf(noSoftwareVulkan !== null)(
    `knows the real words for a lack of memory on webgpu ${noSoftwareVulkan ?? ''}`,
    async () => {
      const script = join(import.meta.dirname, 'outgrow-process.ts');
      const env = await softwareVulkanEnvironment();
      for (const n of ['24000', '100000']) {
        const { stdout } = await promisify(execFile)(process.execPath, [script, n], { env });
        expect(JSON.parse(stdout)).toEqual({ failure: 'memory', after: 4 });
      }
    },
  );

  it('are told to a person in one line', () => {
    expect(plainReason(new Error(messages[0][2]))).toBe(
      'There is too little memory for this model.',
    );
    expect(plainReason(new Error(messages[12][2]))).toBe('It failed: the parameter is incorrect.');
    for (const [, , message] of messages) expect(plainReason(new Error(message))).not.toMatch('\n');
  });
});
