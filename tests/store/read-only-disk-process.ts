import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repairLibrary } from '#main/store/repair-library.ts';
import { openStore } from '#main/store/store.ts';
import { toErrorShape } from '#shared/errors.ts';

// Makes the disk it is given read-only, and prints what opening libraries there comes to.
const [disk] = process.argv.slice(2);
const library = join(disk, 'library');
await (await openStore(library)).close();
const { stderr } = spawnSync('mount', ['-o', 'remount,ro', disk], { encoding: 'utf8' });
process.stderr.write(stderr);

async function refusal(open: () => Promise<unknown>) {
  try {
    await open();
    return null;
  } catch (error) {
    return toErrorShape(error);
  }
}

const refusals = [
  await refusal(() => openStore(library)),
  await refusal(() => repairLibrary(library)),
  await refusal(() => openStore(join(disk, 'a', 'new library'))),
];
console.log(JSON.stringify(refusals));
process.exit();
