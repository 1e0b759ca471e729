import { listSupportedBackends, Tensor } from 'onnxruntime-node-gpu';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { type DeviceChoice, type DeviceStatus, type Dtype } from '#shared/schemas/model.ts';
import { createSession } from './session.ts';

/** Side of the square input of {@link ProbeModels}. */
export const PROBE_SIZE = 256;

/**
 * Two models that multiply matrices: input `x` and output `y`, f32 `[PROBE_SIZE, PROBE_SIZE]`,
 * computing `x` to some power in the type of their name.
 */
export type ProbeModels = Readonly<Record<Dtype, Uint8Array>>;

interface Candidate {
  readonly provider: Provider;
  readonly available: boolean;
  readonly detail: string;
  /** Types it computes in correctly. */
  readonly dtypes: readonly Dtype[];
}

interface ProbeResult {
  readonly y: Float32Array;
  readonly milliseconds: number;
}

/** In the order they are preferred. */
const gpuProviders = ['cuda', 'webgpu'] as const satisfies readonly Provider[];
/** How far f16 may stray from f32 on values near 1. */
const tolerance: Record<Dtype, number> = { f32: 1e-4, f16: 2e-2 };
const RUNS = 2;
/**
 * How slow a GPU may be at so small a task, where the round trip to it is most of the time. An
 * emulated one takes hundreds of times as long as the CPU.
 */
const slowest = (cpuMilliseconds: number) => 4 * cpuMilliseconds + 20;

/**
 * Decides what runs the model by running a small one: a provider counts only when it gives the
 * CPU's numbers, and `auto` passes over one that is far slower than the CPU, which is a driver that
 * emulates a GPU in software.
 *
 * @param forced a type to compute in; left out, f16 on a GPU that can and f32 elsewhere
 * @throws MedleyError `device-unavailable` when a provider or type that was asked for by name does
 * not work here; never for `auto`
 */
export async function chooseDevice(
  requested: DeviceChoice,
  probes: ProbeModels,
  forced?: Dtype,
): Promise<DeviceStatus> {
  const reference = await probe('cpu', probes.f32);
  const wanted = gpuProviders.filter((one) => requested === 'auto' || requested === one);
  const candidates: Candidate[] = [];
  for (const provider of gpuProviders) {
    candidates.push(
      wanted.includes(provider)
        ? await tryProvider(provider, probes, reference, requested === 'auto')
        : {
            provider,
            available: false,
            detail: 'Not tried: another one was asked for.',
            dtypes: [],
          },
    );
  }
  candidates.push({
    provider: 'cpu',
    available: true,
    detail: 'Runs everywhere.',
    dtypes: ['f32', 'f16'],
  });
  return decide(requested, candidates, forced);
}

function decide(
  requested: DeviceChoice,
  candidates: readonly Candidate[],
  forced: Dtype | undefined,
): DeviceStatus {
  const fits = ({ available, dtypes }: Candidate) =>
    available && (forced === undefined || dtypes.includes(forced));
  const chosen =
    requested === 'auto'
      ? candidates.find(fits)
      : candidates.find((one) => one.provider === requested);
  if (chosen === undefined || !fits(chosen)) {
    const why = chosen?.available === false ? chosen.detail : `It cannot compute in ${forced}.`;
    throw new MedleyError(
      'device-unavailable',
      `The device ${requested} cannot be used here: ${why} Choose auto or cpu.`,
      { subject: requested },
    );
  }
  const { provider } = chosen;
  const dtype = forced ?? (provider !== 'cpu' && chosen.dtypes.includes('f16') ? 'f16' : 'f32');
  return {
    requested,
    provider,
    dtype,
    reason: requested === 'auto' ? autoReason(chosen, candidates) : `${provider} was asked for.`,
    candidates: candidates.map(({ provider, available, detail }) => ({
      provider,
      available,
      detail,
    })),
  };
}

function autoReason(chosen: Candidate, candidates: readonly Candidate[]): string {
  if (chosen.provider !== 'cpu') return `${chosen.provider} works here: ${chosen.detail}`;
  const passed = candidates.filter(({ provider }) => provider !== 'cpu');
  const details = passed.map(({ provider, detail }) => `${provider}: ${detail.replace(/\.$/, '')}`);
  return `No device faster than the CPU works here (${details.join('; ')}).`;
}

async function tryProvider(
  provider: Provider,
  probes: ProbeModels,
  reference: ProbeResult,
  mustBeFast: boolean,
): Promise<Candidate> {
  const refuse = (detail: string): Candidate => ({
    provider,
    available: false,
    detail,
    dtypes: [],
  });
  if (!listSupportedBackends().some(({ name }) => name === provider)) {
    return refuse('This build of ONNX Runtime does not have it.');
  }
  let result: ProbeResult;
  try {
    result = await probe(provider, probes.f32);
  } catch (error) {
    return refuse(plainReason(messageOf(error)));
  }
  if (!agrees(result.y, reference.y, 'f32')) return refuse('It computes wrong results.');
  const speed = `${result.milliseconds.toFixed(1)} ms for what takes the CPU ${reference.milliseconds.toFixed(1)} ms.`;
  if (mustBeFast && result.milliseconds > slowest(reference.milliseconds)) {
    return refuse(`It is emulated in software: ${speed}`);
  }
  const half = await probe(provider, probes.f16).catch(() => null);
  const dtypes: Dtype[] =
    half !== null && agrees(half.y, reference.y, 'f16') ? ['f32', 'f16'] : ['f32'];
  return { provider, available: true, detail: speed, dtypes };
}

/** Runs a probe model; the time is the best of a few runs after a first one. */
async function probe(provider: Provider, model: Uint8Array): Promise<ProbeResult> {
  const session = await createSession(model, { provider });
  try {
    const feeds = { x: new Tensor('float32', probeInput(), [PROBE_SIZE, PROBE_SIZE]) };
    let y = await fetchFloats(session.run(feeds));
    let milliseconds = Infinity;
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      y = await fetchFloats(session.run(feeds));
      milliseconds = Math.min(milliseconds, performance.now() - start);
    }
    return { y, milliseconds };
  } finally {
    await session.release();
  }
}

async function fetchFloats(outputs: Promise<Record<string, Tensor>>): Promise<Float32Array> {
  const { data } = (await outputs)['y'];
  if (!(data instanceof Float32Array)) throw new TypeError('The probe gave no floats.');
  return data;
}

/** A rotation mixed into the identity: its powers stay near 1, and no two entries are alike by chance. */
function probeInput(): Float32Array {
  const x = new Float32Array(PROBE_SIZE * PROBE_SIZE);
  for (let row = 0; row < PROBE_SIZE; row++) {
    x[row * PROBE_SIZE + row] = 0.8;
    x[row * PROBE_SIZE + ((row * 7 + 3) % PROBE_SIZE)] += 0.15 + (row % 5) / 100;
  }
  return x;
}

function agrees(actual: Float32Array, expected: Float32Array, dtype: Dtype): boolean {
  return (
    actual.length === expected.length &&
    actual.every((value, i) => Math.abs(value - expected[i]) <= tolerance[dtype])
  );
}

/** What a provider's refusal means to a person; an unknown one in its own words, without its path. */
function plainReason(message: string): string {
  if (/Failed to load shared library/.test(message)) {
    return 'Its libraries are not installed beside ONNX Runtime.';
  }
  if (/WebGpuContext::Initialize/.test(message)) return 'No graphics adapter was found.';
  const [line] = message.split('\n');
  return `It failed: ${line.slice(0, 160)}`;
}
