import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Provider } from '#shared/schemas/model.ts';

/**
 * What a failed run says about its provider: `memory`, a smaller batch may succeed; `device`, the
 * provider does not work any more; null, the fault is elsewhere.
 */
export type RunFailure = 'memory' | 'device' | null;

interface Signs {
  readonly memory: RegExp;
  readonly device: RegExp | null;
}

/**
 * ONNX Runtime reports every failure as text (its code says no more than "failed"), so these are
 * its words. The arena that most providers allocate from has one sentence for all.
 */
const arenaIsFull = /Failed to allocate memory for requested buffer of size|std::bad_alloc/;

const signs: Readonly<Record<Provider, Signs>> = {
  cpu: { memory: arenaIsFull, device: null },
  cuda: {
    memory: /CUDA failure 2:|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|out of memory/,
    device: /CUDA failure \d+:|CUBLAS failure|CUDNN failure/,
  },
  webgpu: {
    // A buffer that Dawn could not make is noticed where it is first used; a tensor larger than a
    // binding may be is split into more bindings than a shader may have.
    memory:
      /\[Invalid Buffer[^\]]*\] is invalid due to a previous error|Too many storage buffers in shader|Failed to create GPU buffer/,
    device: /\[Device[^\]]*\] is lost|external Instance reference no longer exists|WebGPU/,
  },
  dml: {
    // E_OUTOFMEMORY.
    memory: /8007000E/i,
    // DXGI_ERROR_DEVICE_REMOVED, _HUNG, _RESET and _DRIVER_INTERNAL_ERROR.
    device: /887A00(05|06|07|20)/i,
  },
  coreml: { memory: arenaIsFull, device: /CoreML/i },
};

/** Any node that failed on a GPU and not for lack of memory: its driver or its kernel is at fault. */
const nodeFailed = /Non-zero status code returned while running/;

/** Tells the failures of a session on this provider apart. */
export function classifyFailure(error: unknown, provider: Provider): RunFailure {
  const message = messageOf(ownWords(error));
  const { memory, device } = signs[provider];
  if (memory.test(message) || arenaIsFull.test(message)) return 'memory';
  if (device === null) return null;
  return device.test(message) || nodeFailed.test(message) ? 'device' : null;
}

/** File, line and function of ONNX Runtime's C++ before what it says. */
const sourcePlace = /^\S+\.(cc|cpp|h):\d+ \S.*?\)(::<lambda\(\)>)? /;

/**
 * An error of ONNX Runtime as one for a person. Its own words are the cause, by which
 * {@link classifyFailure} knows it.
 */
export function inPlainWords(error: unknown): MedleyError {
  return new MedleyError('device-unavailable', plainReason(error), { cause: error });
}

/** What ONNX Runtime said, of an error that may be {@link inPlainWords} already. */
function ownWords(error: unknown): unknown {
  return error instanceof MedleyError ? (error.cause ?? error) : error;
}

/** What a provider's refusal means to a person; an unknown one in its own words, one line. */
export function plainReason(error: unknown): string {
  if (error instanceof MedleyError) return error.message;
  const message = messageOf(error);
  if (arenaIsFull.test(message)) return 'There is too little memory for this model.';
  if (/Failed to load shared library/.test(message)) {
    return 'Its libraries, or libraries they need, are missing.';
  }
  if (/Failed to get a WebGPU adapter/.test(message)) return 'No graphics adapter was found.';
  if (/External data path/.test(message)) {
    return 'The weights of the model cannot be read: its folder was moved, or its drive is not here.';
  }
  const [line] = message
    .replace(/^.*Status Message: /s, '')
    .replace(sourcePlace, '')
    .split('\n');
  return `It failed: ${line.slice(0, 160)}`;
}
