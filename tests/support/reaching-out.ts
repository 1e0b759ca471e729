import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * Reaches out in every way that a test must see, to names and addresses kept free for that (RFC 2606,
 * RFC 5737): nobody is there. Run with no argument it starts a process and a thread that do.
 */
const [, script, way] = process.argv;
const ways: Record<string, () => unknown> = {
  thread: () => lookup('medley.invalid', () => {}),
  process: () => {
    connect(443, '192.0.2.1').on('error', () => {});
    const socket = createSocket('udp4').on('error', () => {});
    socket.send('x', 9, '198.51.100.1', () => {});
    // No one is beyond this machine here.
    connect(9, '127.0.0.1').on('error', () => {});
  },
};
if (way === undefined) {
  fork(script, ['process']);
  new Worker(script, { argv: ['thread'] });
} else {
  ways[way]();
}
setTimeout(() => process.exit(), 1500);
