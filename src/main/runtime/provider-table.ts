import type { InferenceSession } from './onnx-runtime.ts';
import { Provider, type Dtype, type FloatType } from '#shared/schemas/model.ts';

/** What must be known of a provider before it is tried. */
export interface ProviderTraits {
  /** What people call it. */
  readonly title: string;
  /** Systems that a build of ONNX Runtime can have it on. */
  readonly platforms: readonly NodeJS.Platform[];
  /** Smaller goes first; among equals, the one that turns out faster. */
  readonly rank: number;
  /** Types it may compute in, the preferred one first. Whether it can is found by trying. */
  readonly dtypes: readonly [Dtype, ...Dtype[]];
  readonly session: InferenceSession.SessionOptions;
  /** Whether outputs can stay in its memory and be fed to the next run. */
  readonly keepsOutputs: boolean;
  /** Whether it runs loops itself; else their states are handed over to the processor and back each round. */
  readonly loops: boolean;
  /** Types for which attention as one node is right and faster than the operators it is made of. */
  readonly fusesAttention: {
    /** Over whole sequences. */
    readonly encoders: readonly FloatType[];
    /** For the few tokens of a step. */
    readonly decoder: readonly FloatType[];
  };
}

const desktops: readonly NodeJS.Platform[] = ['linux', 'win32', 'darwin'];

/** `COREML_FLAG_CREATE_MLPROGRAM`: the newer model format, the only one with f16 inputs. */
const coreMlProgram = 0x010;

/** Every provider Medley uses. */
export const providerTable: Readonly<Record<Provider, ProviderTraits>> = {
  cuda: {
    title: 'CUDA',
    // The builds for Windows and for ARM do not have it.
    platforms: ['linux'],
    rank: 0,
    dtypes: ['f16', 'f32'],
    session: { executionProviders: ['cuda'] },
    // The binding of ONNX Runtime hands out device memory of WebGPU only.
    keepsOutputs: false,
    loops: true,
    fusesAttention: { encoders: ['f16', 'f32'], decoder: ['f16', 'f32'] },
  },
  dml: {
    title: 'DirectML',
    platforms: ['win32'],
    rank: 1,
    dtypes: ['f16', 'f32'],
    // DirectML supports neither memory patterns nor parallel execution.
    session: {
      executionProviders: ['dml'],
      enableMemPattern: false,
      executionMode: 'sequential',
    },
    keepsOutputs: false,
    loops: false,
    fusesAttention: { encoders: [], decoder: [] },
  },
  coreml: {
    title: 'Core ML',
    platforms: ['darwin'],
    rank: 1,
    dtypes: ['f16', 'f32'],
    session: { executionProviders: [{ name: 'coreml', coreMlFlags: coreMlProgram }] },
    keepsOutputs: false,
    loops: false,
    fusesAttention: { encoders: [], decoder: [] },
  },
  webgpu: {
    title: 'WebGPU',
    platforms: desktops,
    rank: 1,
    // Its f16 products are summed in f16 too, which changes captions and gains little (docs/speed.md).
    dtypes: ['f32', 'f16'],
    session: { executionProviders: ['webgpu'] },
    keepsOutputs: true,
    loops: false,
    // From 32 queries on its kernel errs on devices with small subgroups, such as software drivers.
    fusesAttention: { encoders: [], decoder: ['f16', 'f32'] },
  },
  cpu: {
    title: 'the CPU',
    platforms: desktops,
    rank: 2,
    // Few processors compute in f16; there it is slower than f32.
    dtypes: ['int8', 'f32', 'f16'],
    session: { executionProviders: ['cpu'] },
    keepsOutputs: false,
    loops: true,
    fusesAttention: { encoders: ['f32'], decoder: ['f32'] },
  },
};

/** The providers that can exist on a system, the preferred ones first. */
export function providersOf(platform: NodeJS.Platform): Provider[] {
  return Provider.options
    .filter((name) => name === 'cpu' || providerTable[name].platforms.includes(platform))
    .sort((a, b) => providerTable[a].rank - providerTable[b].rank);
}
