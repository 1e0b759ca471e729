import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Photos a second by the way they were imported, as `import.ts` prints them. */
type Rates = ReadonlyMap<string, number>;

export interface Comparison {
  /** The root of another checkout, with its packages installed. */
  readonly against: string;
  readonly rounds: number;
  /** What `import.ts` is given in both. */
  readonly args: readonly string[];
}

/**
 * Runs the `import.ts` of this checkout and of another in turns, each a process of its own on its own
 * code, and prints medians with their ratio, which is above 1 where this checkout is faster. What else
 * the machine does meets both: the ratios of single rounds show how much.
 */
export async function compareCheckouts({ against, rounds, args }: Comparison): Promise<void> {
  const here = join(import.meta.dirname, '..', '..');
  // Photos and code come from the disk once; that is not measured.
  for (const root of [here, against]) await ratesOf(root, args);
  const pairs: { readonly here: Rates; readonly there: Rates }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Neither always comes second, to a machine that the other has warmed.
    if (round % 2 === 0) {
      const first = await ratesOf(here, args);
      pairs.push({ here: first, there: await ratesOf(against, args) });
    } else {
      const first = await ratesOf(against, args);
      pairs.push({ here: await ratesOf(here, args), there: first });
    }
  }
  console.log(`photos/s, medians of ${rounds} rounds; "there" is ${against}`);
  console.log(line('', 'here', 'there', 'ratio', 'ratios of rounds'));
  for (const way of pairs[0].here.keys()) console.log(describe(way, pairs));
}

function describe(
  way: string,
  pairs: readonly { readonly here: Rates; readonly there: Rates }[],
): string {
  const rates = pairs.map(({ here, there }) => [rate(here, way), rate(there, way)] as const);
  const here = median(rates.map(([here]) => here));
  const there = median(rates.map(([, there]) => there));
  const ratios = rates.map(([here, there]) => here / there);
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  return line(way, here.toFixed(1), there.toFixed(1), (here / there).toFixed(2), range);
}

function line(way: string, ...columns: readonly string[]): string {
  return way.padEnd(16) + columns.map((text) => text.padStart(8)).join('  ');
}

async function ratesOf(root: string, args: readonly string[]): Promise<Rates> {
  const script = join(root, 'tools', 'bench', 'import.ts');
  const run = await promisify(execFile)(process.execPath, [script, ...args], { cwd: root });
  const found = run.stdout.matchAll(/^(\S.*?) +([\d.]+) photos\/s\b/gm);
  return new Map(Array.from(found, ([, way, rate]) => [way, Number(rate)]));
}

function rate(rates: Rates, way: string): number {
  const found = rates.get(way);
  if (found === undefined) throw new Error(`One of the checkouts measured nothing ${way}.`);
  return found;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}
