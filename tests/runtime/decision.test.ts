import { describe, expect, it } from 'vitest';
import { raceSize, type ProbeModels } from '#main/runtime/probe.ts';
import { providersOf } from '#main/runtime/provider-table.ts';
import { chooseDevice, type DeviceWish, type Machine } from '#main/runtime/providers.ts';
import type { Dtype, Provider } from '#shared/schemas/model.ts';

/** How a provider behaves on a made-up machine. */
interface Behaviour {
  /** Milliseconds of the small matrix, and of the large one. */
  readonly small?: number;
  readonly large?: number;
  /** Added to every number it computes. */
  readonly error?: number;
  readonly halfError?: number;
  readonly integerError?: number;
  readonly throws?: string;
}

/** The first byte of a probe model here tells its type. */
const probes: ProbeModels = {
  f32: Uint8Array.of(32),
  f16: Uint8Array.of(16),
  int8: Uint8Array.of(8),
};
const dtypeOf = (model: Uint8Array): Dtype =>
  model[0] === 32 ? 'f32' : model[0] === 16 ? 'f16' : 'int8';

function machine(
  platform: NodeJS.Platform,
  behaviours: Partial<Record<Provider, Behaviour>>,
): Machine & { raced: string[] } {
  const raced: string[] = [];
  return {
    platform,
    raced,
    backends: () => Object.keys(behaviours),
    probe: async (provider, model, n) => {
      const { small = 2, large = 9, error = 0, throws, ...errors } = behaviours[provider] ?? {};
      if (throws !== undefined) throw new Error(throws);
      if (n === raceSize) raced.push(`${provider} ${dtypeOf(model)}`);
      const { halfError = 0, integerError = 0 } = errors;
      const offset = { f32: error, f16: halfError, int8: integerError }[dtypeOf(model)];
      return {
        y: Float32Array.of(1 + offset, 0.5),
        milliseconds: n === raceSize ? large : small,
      };
    },
  };
}

const choose = (on: Machine, wish: Partial<DeviceWish> = {}) =>
  chooseDevice({ requested: 'auto', ...wish }, probes, on);

describe('which providers a system can have', () => {
  it.each<[NodeJS.Platform, Provider[]]>([
    ['linux', ['cuda', 'webgpu', 'cpu']],
    ['win32', ['webgpu', 'dml', 'cpu']],
    ['darwin', ['webgpu', 'coreml', 'cpu']],
    ['freebsd', ['cpu']],
  ])('%s', (platform, providers) => {
    expect(providersOf(platform)).toEqual(providers);
  });
});

describe('automatic choice', () => {
  it('takes CUDA before every other GPU, without a race', async () => {
    const on = machine('linux', { cuda: { small: 9 }, webgpu: { small: 1 } });
    expect(await choose(on)).toMatchObject({ provider: 'cuda', dtype: 'f16' });
    expect(on.raced).toEqual([]);
  });

  it.each<[NodeJS.Platform, Provider, Provider]>([
    ['win32', 'dml', 'webgpu'],
    ['darwin', 'coreml', 'webgpu'],
  ])('on %s takes the faster of %s and %s', async (platform, one, other) => {
    for (const [winner, loser] of [
      [one, other],
      [other, one],
    ]) {
      const on = machine(platform, { [winner]: { large: 5 }, [loser]: { large: 6 } });
      const status = await choose(on);
      expect(status.provider).toBe(winner);
      expect(status.reason).toContain(`${winner} 5.0 ms, ${loser} 6.0 ms`);
    }
  });

  it('races each in the type it would compute in', async () => {
    const on = machine('darwin', { coreml: {}, webgpu: {} });
    await choose(on);
    expect(on.raced.toSorted()).toEqual(['coreml f16', 'webgpu f32']);
    const small = machine('darwin', { coreml: {}, webgpu: {} });
    expect(await choose(small, { dtype: 'f32' })).toMatchObject({ dtype: 'f32' });
    expect(small.raced.toSorted()).toEqual(['coreml f32', 'webgpu f32']);
  });

  it('passes over what computes wrong numbers, does not start, or is emulated', async () => {
    const on = machine('win32', {
      dml: { error: 0.01 },
      webgpu: { small: 500 },
    });
    const status = await choose(on);
    expect(status).toMatchObject({ provider: 'cpu', dtype: 'int8' });
    expect(status.reason).toMatch(/WebGPU: .*emulated.*\. DirectML: It computes wrong results/);
    const broken = machine('linux', { cuda: { throws: 'Failed to load shared library' } });
    expect((await choose(broken)).reason).toMatch(/CUDA: Its libraries.* are missing\. WebGPU: /);
  });

  it('goes on without a provider that failed at work, and says so', async () => {
    const on = machine('linux', { cuda: {}, webgpu: {} });
    for (const requested of ['auto', 'cuda'] as const) {
      const failed = new Map<Provider, string>([['cuda', 'It ran away.']]);
      const status = await choose(on, { requested, failed });
      expect(status).toMatchObject({ requested, provider: 'webgpu' });
      expect(status.reason).toBe('CUDA stopped working (It ran away), so WebGPU took over.');
      expect(status.candidates[0]).toEqual({
        provider: 'cuda',
        available: false,
        detail: 'It stopped working: It ran away.',
      });
    }
  });
});

describe('8-bit integers', () => {
  it('are what a CPU computes in where it sums them exactly, and it says so', async () => {
    const status = await choose(machine('linux', {}));
    expect(status).toMatchObject({ provider: 'cpu', dtype: 'int8' });
    expect(status.reason).toMatch(/multiply 8-bit integers, which this CPU does exactly\.$/);
  });

  it('give way to f32 on a CPU that overflows', async () => {
    const status = await choose(machine('linux', { cpu: { integerError: -0.7 } }));
    expect(status).toMatchObject({ provider: 'cpu', dtype: 'f32' });
    expect(status.reason).not.toMatch(/8-bit/);
    expect(status.candidates.at(-1)?.detail).toMatch(/8-bit integers overflow/);
  });

  it('are not used where another type is asked for, nor on a GPU', async () => {
    expect(await choose(machine('linux', {}), { dtype: 'f32' })).toMatchObject({ dtype: 'f32' });
    expect(await choose(machine('linux', { cuda: {} }))).toMatchObject({ dtype: 'f16' });
    const asked = await choose(machine('linux', { webgpu: {} }), { dtype: 'int8' });
    expect(asked).toMatchObject({ provider: 'cpu', dtype: 'int8' });
  });

  it.each(['auto', 'cpu'] as const)(
    'are refused on a CPU that overflows (%s)',
    async (requested) => {
      const on = machine('linux', { webgpu: {}, cpu: { integerError: -0.7 } });
      await expect(choose(on, { requested, dtype: 'int8' })).rejects.toMatchObject({
        code: 'device-unavailable',
        message: expect.stringMatching(/can(not)? compute in int8\. Choose another type\.$/),
      });
    },
  );
});

describe('a device asked for by name', () => {
  it('is taken even if emulated, and alone tried', async () => {
    const on = machine('linux', { cuda: {}, webgpu: { small: 500 } });
    const status = await choose(on, { requested: 'webgpu' });
    expect(status).toMatchObject({ provider: 'webgpu', reason: 'It was asked for.' });
    expect(status.candidates.find(({ provider }) => provider === 'cuda')?.detail).toMatch(
      /^Not tried/,
    );
  });

  it.each<[Partial<DeviceWish>, RegExp]>([
    [{ requested: 'coreml' }, /coreml cannot be used here: It does not exist on this system/],
    [{ requested: 'cuda' }, /cuda cannot be used here: This build of ONNX Runtime/],
    [
      { requested: 'webgpu', dtype: 'int8' },
      /webgpu cannot be used here: It cannot compute in int8/,
    ],
    [{ requested: 'webgpu', dtype: 'f16' }, /webgpu cannot be used here: It cannot compute in f16/],
  ])('%o is refused with the reason', async (wish, reason) => {
    const on = machine('linux', { webgpu: { halfError: 0.5 } });
    await expect(choose(on, wish)).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(reason),
    });
  });
});
