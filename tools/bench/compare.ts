/**
 * Medley beside PyTorch on one checkpoint, run in turns:
 *
 *     node tools/bench/compare.ts FOLDER [--python python3] [--device cuda] [--dtype f16]
 *         [--pytorch-device cuda] [--pytorch-dtype f16] [--rounds 2] [--seconds 3]
 *         [--stages vision --stages greedy ...] [--max-batch N] [--image-size PIXELS] [--cores N]
 *         [--json]
 *
 * FOLDER is one BLIP checkpoint in the layout of Hugging Face; a captioner is compared by itself.
 * `--cores` pins both to the first N cores (Linux). Prints rates, the ratios to PyTorch's and, in
 * the last column, what the project aims at for BLIP-base. PyTorch is measured from host memory to
 * host memory, as Medley is, and with inputs and results left on the device.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    device: { type: 'string', default: 'auto' },
    dtype: { type: 'string' },
    'pytorch-device': { type: 'string' },
    'pytorch-dtype': { type: 'string' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '3' },
    stages: { type: 'string', multiple: true },
    'max-batch': { type: 'string' },
    'image-size': { type: 'string' },
    cores: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [folder, ...surplus] = positionals;
/** Options that both take. */
const shared = ['seconds', 'stages', 'max-batch', 'image-size'] as const;

const Common = z.object({
  loadSeconds: z.number(),
  peakBytes: z.number(),
  gpuBytes: z.number().nullable(),
});
const Medley = Common.extend({
  model: z.string(),
  device: z.object({ provider: z.enum(['cpu', 'webgpu', 'cuda']), dtype: z.string() }),
  rates: z.array(z.object({ stage: z.string(), batch: z.int(), perSecond: z.number() })),
});
const Pytorch = Common.extend({
  by: z.string(),
  rates: z.array(
    z.object({
      stage: z.string(),
      batch: z.int(),
      hostToHost: z.number(),
      resident: z.number(),
    }),
  ),
});
type Medley = z.infer<typeof Medley>;
type Pytorch = z.infer<typeof Pytorch>;

/** Ratios to PyTorch that the project aims at, by provider, stage and batch. */
const targets: Readonly<Record<string, number>> = {
  'cuda vision 1': 1,
  'cuda vision 8': 1,
  'cuda vision 32': 1,
  'cuda pairs-pixels 32': 1,
  'cuda pairs-features 32': 1,
  'cuda greedy 1': 3,
  'cuda greedy 32': 1.5,
  'cuda beam3 1': 3,
  'cuda beam3 32': 1.5,
  'webgpu vision 1': 0.3,
  'webgpu vision 8': 0.3,
  'webgpu vision 32': 0.3,
  'webgpu greedy 1': 1.5,
  'webgpu beam3 1': 1.5,
  'cpu greedy 1': 1.5,
  'cpu beam3 1': 1.5,
};

/** Options of ours, those that were given, as a command line. */
function given(names: readonly (keyof typeof options)[], rename = (name: string) => name) {
  return names.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${rename(name)}`, ...[value].flat().map(String)];
  });
}

async function run(command: string, args: readonly string[]): Promise<unknown> {
  const pin =
    options.cores === undefined ? [] : ['taskset', '-c', `0-${Number(options.cores) - 1}`];
  const [program, ...rest] = [...pin, command, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new Error(`${program} ended with status ${status}.`);
  return JSON.parse(output);
}

async function runMedley(): Promise<Medley> {
  const script = join(root, 'src/main/cli/medley.ts');
  const common = given(['device', 'dtype', ...shared]);
  return Medley.parse(
    await run(process.execPath, [script, 'bench', '--json', '--model', folder, ...common]),
  );
}

async function runPytorch(): Promise<Pytorch> {
  const args = [
    join(root, 'tools/bench/pytorch.py'),
    folder,
    ...given(['pytorch-device', 'pytorch-dtype'], (name) => name.replace('pytorch-', '')),
    ...given(shared),
    ...given(['cores'], () => 'threads'),
  ];
  return Pytorch.parse(await run(options.python, args));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

function compare(medley: readonly Medley[], pytorch: readonly Pytorch[]) {
  const { provider } = medley[0].device;
  return medley[0].rates.map(({ stage, batch }, i) => {
    const ours = median(medley.map(({ rates }) => rates[i].perSecond));
    const theirs = pytorch.map(({ rates }) => {
      const rate = rates.find((one) => one.stage === stage && one.batch === batch);
      if (rate === undefined) throw new Error(`PyTorch did not measure ${stage} at ${batch}.`);
      return rate;
    });
    const hostToHost = median(theirs.map((rate) => rate.hostToHost));
    const resident = median(theirs.map((rate) => rate.resident));
    const target = targets[`${provider} ${stage} ${batch}`] ?? null;
    return {
      stage,
      batch,
      medley: ours,
      hostToHost,
      resident,
      ratio: ours / hostToHost,
      ratioToResident: ours / resident,
      target,
    };
  });
}

function table(medley: readonly Medley[], pytorch: readonly Pytorch[]): string {
  const columns = [16, 6, 10, 10, 8, 10, 8, 14];
  const row = (...cells: string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(columns[i]) : cell.padStart(columns[i])))
      .join('');
  const { model, device } = medley[0];
  const lines = compare(medley, pytorch).map((one) =>
    row(
      one.stage,
      `${one.batch}`,
      one.medley.toFixed(2),
      one.hostToHost.toFixed(2),
      one.ratio.toFixed(2),
      one.resident.toFixed(2),
      one.ratioToResident.toFixed(2),
      one.target === null ? '' : `${one.target} ${one.ratio >= one.target ? 'met' : 'missed'}`,
    ),
  );
  const facts = (name: string, runs: readonly z.infer<typeof Common>[]) => {
    const gpu =
      runs[0].gpuBytes === null ? '' : `, GPU ${gigabytes(runs.map((r) => r.gpuBytes ?? 0))}`;
    return `${name}: loading ${median(runs.map((r) => r.loadSeconds)).toFixed(1)} s, memory ${gigabytes(runs.map((r) => r.peakBytes))}${gpu}`;
  };
  return [
    `Medley: ${model}, ${device.provider}, ${device.dtype}`,
    `PyTorch: ${pytorch[0].by}`,
    `A second, median of ${medley.length} runs in turns. Host: from host memory to host memory; device: inputs and results left on the device.`,
    row('stage', 'batch', 'Medley', 'host', 'ratio', 'device', 'ratio', 'target'),
    ...lines,
    facts('Medley', medley),
    facts('PyTorch', pytorch),
  ].join('\n');
}

function gigabytes(values: readonly number[]): string {
  return `${(Math.max(...values) / 1e9).toFixed(2)} GB`;
}

if (folder === undefined || surplus.length > 0) throw new Error('Name one checkpoint folder.');
const medley: Medley[] = [];
const pytorch: Pytorch[] = [];
for (let round = 0; round < Number(options.rounds); round++) {
  medley.push(await runMedley());
  pytorch.push(await runPytorch());
}
process.stdout.write(
  options.json
    ? `${JSON.stringify({ medley, pytorch, compared: compare(medley, pytorch) }, null, 2)}\n`
    : `${table(medley, pytorch)}\n`,
);
