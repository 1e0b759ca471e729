import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { childProcesses } from './child-processes.ts';

/** Why no process can be watched here; null where one can. */
export const noWatcher = findWatcher();

function findWatcher(): string | null {
  if (process.platform !== 'linux') return 'processes are watched by strace, which Linux has';
  const { error, status, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], {
    encoding: 'utf8',
  });
  if (error) return 'strace is not installed';
  return status === 0 ? null : `strace may not watch here: ${stderr.trim().split('\n')[0]}`;
}

export interface Watched {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every connection beyond this machine and every look-up of a name, as it was asked of the system. */
  readonly sightings: readonly string[];
}

export interface WatchOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where the log of the watcher goes. */
  readonly log: string;
  /** Hears all output so far; `stop` sends the process a signal. */
  readonly onOutput?: (text: string, stop: (signal: NodeJS.Signals) => void) => void;
}

/**
 * Runs a script of Node to its end, and watches it, its threads and all the processes it starts at
 * the calls by which the system opens connections: whatever library makes them, of JavaScript or
 * not.
 */
export async function runWatched(
  args: readonly string[],
  { env, log, onOutput }: WatchOptions,
): Promise<Watched> {
  const watcher = spawn(
    'strace',
    // The filter leaves all other calls at full speed.
    ['-f', '--seccomp-bpf', '-qq', '-s', '128', '-e', 'trace=%network', '-e', 'signal=none'].concat(
      ['-o', log, process.execPath],
      args,
    ),
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // A signal to the watcher itself would end the watching only.
  const stop = (signal: NodeJS.Signals) => {
    for (const pid of childProcesses(watcher.pid ?? 0, args[0])) process.kill(pid, signal);
  };
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    watcher[name].on('data', (chunk) => {
      output[name] += String(chunk);
      onOutput?.(output[name], stop);
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    watcher.once('error', reject);
    watcher.once('close', resolve);
  });
  return { status, ...output, sightings: sightingsIn(await readFile(log, 'utf8')) };
}

/** What reaches out: a packet over a connection goes where the connection was opened to. */
const outgoing = /^\d+ +(connect|sendto|sendmsg|sendmmsg)\(/;
const internet = /htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )"([^"]+)"/;
const loopback = /^(::ffff:)?127\.|^::1$/;
/** DNS, its multicast kind and its encrypted one: also a name server of this machine asks on. */
const namePorts = new Set(['53', '853', '5353']);
/** Sockets of the daemons of this machine that look names up. */
const nameDaemons = /sun_path="[^"]*(nscd|systemd\/resolve|avahi)/;

function sightingsIn(log: string): string[] {
  return log.split('\n').filter((line) => {
    if (!outgoing.test(line)) return false;
    const [, port, address] = internet.exec(line) ?? [];
    if (address === undefined) return nameDaemons.test(line);
    return namePorts.has(port) || !loopback.test(address);
  });
}
