// Evaluated first, since imports are in their order.
import './telemetry-off.ts';

/** ONNX Runtime, with its telemetry off: the only import of it there may be. */
export { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node-gpu';
