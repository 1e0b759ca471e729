import { availableParallelism } from 'node:os';
import { env, InferenceSession, type Tensor } from './onnx-runtime.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { providerTable } from './provider-table.ts';

// Errors are thrown, and probing a provider that is not there is no error worth a line on stderr.
env.logLevel = 'fatal';

// CUDA computes f32 in TF32 unless told otherwise, a thousand times less exact. ONNX Runtime's option
// for it is not open to Node, so its libraries are told, before they load.
process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';

/** Tensors by the name of the graph's input or output. */
export type Tensors = Readonly<Record<string, Tensor>>;

export interface SessionOptions {
  readonly provider: Provider;
  /** Folder that the locations of external initialisers are relative to; it is only read. */
  readonly weightsFolder?: string;
  /** Outputs to leave in the provider's memory where it can; whoever gets them disposes of them. */
  readonly keptOutputs?: readonly string[];
  /** Path, without its end, of a profile to write; `endProfiling` of the session closes it. */
  readonly profile?: string | undefined;
}

/**
 * A graph made ready to run on one provider. Nodes the provider lacks run on the CPU.
 *
 * @param model bytes of an ONNX model
 * @throws Error of ONNX Runtime when the provider cannot run here or the model is not valid
 */
export async function createSession(
  model: Uint8Array,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { provider, weightsFolder, keptOutputs = [], profile } = options;
  const traits = providerTable[provider];
  // Threads that wait asleep leave the cores to photo decoding and the database; one that spins for
  // a descheduled other costs several times the run itself.
  const session = {
    'intra_op.allow_spinning': '0',
    ...(weightsFolder !== undefined && {
      model_external_initializers_file_folder_path: weightsFolder,
    }),
  };
  return InferenceSession.create(model, {
    graphOptimizationLevel: 'all',
    // ORT counts the cores of the machine; a container or an affinity mask may grant fewer.
    intraOpNumThreads: availableParallelism(),
    logSeverityLevel: 4,
    extra: { session },
    ...traits.session,
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    ...(traits.keepsOutputs && keptOutputs.length > 0
      ? {
          preferredOutputLocation: Object.fromEntries(
            keptOutputs.map((name) => [name, 'gpu-buffer' as const]),
          ),
        }
      : {}),
  });
}
