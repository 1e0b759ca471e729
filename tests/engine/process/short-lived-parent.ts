/** Starts the engine with the arguments given, prints its process id and is gone. */
import { fork } from 'node:child_process';

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('Name the program of the engine.');
const child = fork(entry, args, {
  serialization: 'advanced',
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
console.log(child.pid);
process.exit();
