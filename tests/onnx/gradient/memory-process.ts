/** `node memory-process.ts LAYERS_BETWEEN`: the bytes that a deep network's gradients take; 0 keeps all. */
import { toModelBytes } from '#main/onnx/serialize.ts';
import { InferenceSession } from '#main/runtime/onnx-runtime.ts';
import { deepNetwork } from './deep-network.ts';

const layersBetween = Number(process.argv[2]);
const { graph, feeds } = deepNetwork(
  { layers: 16, rows: 16_384, width: 32 },
  layersBetween === 0 ? null : layersBetween,
);
// Without an arena memory goes back as soon as it is free, so that the peak is that of what is held.
const session = await InferenceSession.create(toModelBytes(graph), {
  enableCpuMemArena: false,
  enableMemPattern: false,
});
const before = process.memoryUsage().rss;
await session.run(feeds);
process.stdout.write(String(process.resourceUsage().maxRSS * 1024 - before));
