import { runCommand } from '../../src/main/cli/run-command.ts';

/** A command that hears of no signal and never ends. */
await runCommand(() => {
  console.log('started');
  setInterval(() => {}, 1000);
  return new Promise(() => {});
});
