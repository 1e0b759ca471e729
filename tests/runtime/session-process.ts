import { probeModels } from '#main/med/graphs/probe.ts';
import { probe } from '#main/runtime/probe.ts';

/** Runs a small model in a session of its own. */
await probe('cpu', probeModels().f32, 4);
console.log('ran');
