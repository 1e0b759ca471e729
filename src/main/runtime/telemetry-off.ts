import { isMainThread } from 'node:worker_threads';

/**
 * ONNX Runtime posts what it runs, on what machine, to its maker unless this variable tells it not
 * to (its `core/platform/posix/telemetry.cc`). It looks when the first session is made.
 */
const variable = 'ORT_DISABLE_TELEMETRY';

// The environment of a thread is a copy that a native library does not see.
if (!isMainThread && process.env[variable] !== '1') {
  throw new Error('ONNX Runtime must be loaded by the main thread before another one loads it.');
}
process.env[variable] = '1';
