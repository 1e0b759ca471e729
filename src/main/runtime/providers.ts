import { listSupportedBackends } from './onnx-runtime.ts';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceChoice, DeviceStatus, Dtype, Provider } from '#shared/schemas/model.ts';
import { plainReason } from './failures.ts';
import { agrees, checkSize, probe, raceSize, type ProbeModels, type ProbeResult } from './probe.ts';
import { providersOf, providerTable } from './provider-table.ts';
import { hasVulkanLoader, vulkanLoader } from './vulkan.ts';

export interface DeviceWish {
  readonly requested: DeviceChoice;
  /** A type to compute in; left out, the provider's first that it can. */
  readonly dtype?: Dtype | undefined;
  /** Providers that failed at work, and how: none of them is chosen, not even one asked for. */
  readonly failed?: ReadonlyMap<Provider, string>;
}

/** What the decision is made from; tests stand in for systems they do not run on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Names of the providers this build of ONNX Runtime has. */
  backends(): readonly string[];
  readonly probe: typeof probe;
}

const thisMachine: Machine = {
  platform: process.platform,
  backends: () => listSupportedBackends().map(({ name }) => name),
  probe: async (provider, ...options) => {
    // Without the loader the library that looks for it would complain on everybody's terminal.
    if (provider === 'webgpu' && process.platform === 'linux' && !(await hasVulkanLoader())) {
      throw new MedleyError(
        'device-unavailable',
        `The Vulkan loader, ${vulkanLoader}, is missing.`,
      );
    }
    return await probe(provider, ...options);
  },
};

interface Candidate {
  readonly provider: Provider;
  readonly available: boolean;
  readonly detail: string;
  /** Types it computes in correctly, the preferred one first. */
  readonly dtypes: readonly Dtype[];
}

/**
 * How slow a GPU may be at so small a task, where the round trip to it is most of the time. An
 * emulated one takes hundreds of times as long as the CPU.
 */
const slowest = (cpuMilliseconds: number) => 4 * cpuMilliseconds + 20;

/**
 * Decides what runs the model by running a small one: a provider counts only when it gives the
 * CPU's numbers. `auto` takes CUDA before the other GPUs and those before the CPU, times the GPUs
 * that are equal in rank, and passes over one that is far slower than the CPU, which is a driver
 * that emulates a GPU in software.
 *
 * @throws MedleyError `device-unavailable` when a provider or type that was asked for by name does
 * not work here
 */
export async function chooseDevice(
  wish: DeviceWish,
  probes: ProbeModels,
  machine: Machine = thisMachine,
): Promise<DeviceStatus> {
  const { requested, failed = new Map<Provider, string>() } = wish;
  const asked = requested !== 'auto' && !failed.has(requested) ? requested : null;
  const reference = await machine.probe('cpu', probes.f32, checkSize);
  const candidates: Candidate[] = [];
  for (const provider of providersOf(machine.platform)) {
    const failure = failed.get(provider);
    if (failure !== undefined) {
      candidates.push(refusal(provider, `It stopped working: ${failure}`));
    } else if (asked !== null && asked !== provider) {
      candidates.push(
        provider === 'cpu'
          ? runsEverywhere
          : refusal(provider, 'Not tried: another one was asked for.'),
      );
    } else {
      candidates.push(
        await tryProvider(machine, provider, probes, reference, asked === null, wish.dtype),
      );
    }
  }
  return asked === null
    ? await decide(machine, wish, candidates, probes)
    : statusOf(wish, demand(asked, candidates, wish.dtype), candidates, 'It was asked for.');
}

const runsEverywhere: Candidate = {
  provider: 'cpu',
  available: true,
  detail: 'Runs everywhere.',
  dtypes: providerTable.cpu.dtypes.filter((dtype) => dtype !== 'int8'),
};

function refusal(provider: Provider, detail: string): Candidate {
  return { provider, available: false, detail, dtypes: [] };
}

/** Whether a candidate can be had in this type; in any, when none is given. */
function fits({ available, dtypes }: Candidate, dtype: Dtype | undefined): boolean {
  return available && (dtype === undefined || dtypes.includes(dtype));
}

function demand(
  asked: Provider,
  candidates: readonly Candidate[],
  dtype: Dtype | undefined,
): Candidate {
  const chosen = candidates.find(({ provider }) => provider === asked);
  if (chosen && fits(chosen, dtype)) return chosen;
  const why = !chosen
    ? 'It does not exist on this system. Choose auto or cpu.'
    : chosen.available
      ? `It cannot compute in ${dtype}. Choose another type.`
      : `${chosen.detail} Choose auto or cpu.`;
  throw new MedleyError('device-unavailable', `The device ${asked} cannot be used here: ${why}`, {
    subject: asked,
  });
}

async function decide(
  machine: Machine,
  wish: DeviceWish,
  candidates: readonly Candidate[],
  probes: ProbeModels,
): Promise<DeviceStatus> {
  const working = candidates.filter((each) => fits(each, wish.dtype));
  if (working.length === 0) {
    const reason = `No device here can compute in ${wish.dtype}. Choose another type.`;
    throw new MedleyError('device-unavailable', reason, { subject: 'auto' });
  }
  const rank = Math.min(...working.map(({ provider }) => providerTable[provider].rank));
  const best = working.filter(({ provider }) => providerTable[provider].rank === rank);
  const [chosen, note] = await fastest(machine, best, wish.dtype, probes);
  return statusOf(wish, chosen, candidates, autoReason(wish, chosen, candidates, note));
}

/** Times providers of equal rank against each other, each in the type it would compute in. */
async function fastest(
  machine: Machine,
  equals: readonly Candidate[],
  dtype: Dtype | undefined,
  probes: ProbeModels,
): Promise<[Candidate, string]> {
  if (equals.length === 1) return [equals[0], equals[0].detail];
  const times: { candidate: Candidate; milliseconds: number }[] = [];
  for (const candidate of equals) {
    const model = probes[dtype ?? candidate.dtypes[0]];
    const result = await machine.probe(candidate.provider, model, raceSize).catch(() => null);
    times.push({ candidate, milliseconds: result?.milliseconds ?? Infinity });
  }
  times.sort((a, b) => a.milliseconds - b.milliseconds);
  const words = times.map(
    ({ candidate, milliseconds }) => `${candidate.provider} ${milliseconds.toFixed(1)} ms`,
  );
  return [times[0].candidate, `the fastest of ${words.join(', ')}.`];
}

function statusOf(
  { requested, dtype }: DeviceWish,
  chosen: Candidate,
  candidates: readonly Candidate[],
  reason: string,
): DeviceStatus {
  const type = dtype ?? chosen.dtypes[0];
  return {
    requested,
    provider: chosen.provider,
    dtype: type,
    reason: type === 'int8' ? `${reason} ${inIntegers}` : reason,
    candidates: candidates.map(({ provider, available, detail }) => ({
      provider,
      available,
      detail,
    })),
  };
}

function autoReason(
  { failed }: DeviceWish,
  { provider }: Candidate,
  candidates: readonly Candidate[],
  note: string,
): string {
  const failures = [...(failed ?? [])].map(
    ([name, why]) =>
      `${title(name)} stopped working (${withoutStop(why)}), so ${title(provider)} took over.`,
  );
  if (failures.length > 0) return failures.join(' ');
  if (provider !== 'cpu') return `${title(provider)} works here: ${note}`;
  const passed = candidates.filter((each) => each.provider !== 'cpu');
  const details = passed.map(({ provider: name, detail }) => `${title(name)}: ${detail}`);
  return ['No faster device can be used here.', ...details].join(' ');
}

const inIntegers = 'Its linear layers multiply 8-bit integers, which this CPU does exactly.';

const title = (provider: Provider) => providerTable[provider].title;

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');

async function tryProvider(
  machine: Machine,
  provider: Provider,
  probes: ProbeModels,
  reference: ProbeResult,
  mustBeFast: boolean,
  dtype: Dtype | undefined,
): Promise<Candidate> {
  if (provider === 'cpu') return tryCpu(machine, probes, reference, dtype);
  if (!machine.backends().includes(provider)) {
    return refusal(provider, 'This build of ONNX Runtime does not have it.');
  }
  let result: ProbeResult;
  try {
    result = await machine.probe(provider, probes.f32, checkSize);
  } catch (error) {
    return refusal(provider, plainReason(error));
  }
  if (!agrees(result.y, reference.y, 'f32')) {
    return refusal(provider, 'It computes wrong results.');
  }
  const speed = `${result.milliseconds.toFixed(1)} ms for what takes the CPU ${reference.milliseconds.toFixed(1)} ms.`;
  if (mustBeFast && result.milliseconds > slowest(reference.milliseconds)) {
    return refusal(provider, `It is emulated in software: ${speed}`);
  }
  const half = await machine.probe(provider, probes.f16, checkSize).catch(() => null);
  const canHalf = half !== null && agrees(half.y, reference.y, 'f16');
  const dtypes = providerTable[provider].dtypes.filter((dtype) => dtype === 'f32' || canHalf);
  return { provider, available: true, detail: speed, dtypes };
}

/**
 * The CPU, with 8-bit integers first where it sums their products exactly: there they are 2 to 4
 * times as fast as f32. Processors without instructions made for them (VNNI, AMX, Arm's dot product)
 * overflow, and gain little.
 */
async function tryCpu(
  machine: Machine,
  probes: ProbeModels,
  reference: ProbeResult,
  dtype: Dtype | undefined,
): Promise<Candidate> {
  if (dtype !== undefined && dtype !== 'int8') return runsEverywhere;
  const integers = await machine.probe('cpu', probes.int8, checkSize).catch(() => null);
  return integers !== null && agrees(integers.y, reference.y, 'int8')
    ? { ...runsEverywhere, dtypes: providerTable.cpu.dtypes }
    : { ...runsEverywhere, detail: 'Runs everywhere; 8-bit integers overflow on it.' };
}
