import { existsSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { lockFile } from '#main/files/process-lock.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import { openStore } from '#main/store/store.ts';
import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { failedFile } from '../store/rows.ts';

// Fills the disk it is given, writes to it in every way that Medley does, and prints what came of it.
const [disk] = process.argv.slice(2);

async function outcome(write: () => Promise<unknown>) {
  try {
    await write();
    return { code: 'written' };
  } catch (error) {
    const { code, message } = toErrorShape(error);
    return { code, message };
  }
}

const kept = join(disk, 'kept.json');
await writeJsonFile(kept, { kept: true });
const store = await openStore(join(disk, 'library'));
const { bavail, bsize } = statfsSync(disk);
writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));

const outcomes = {
  whole: await outcome(() => writeWhole(join(disk, 'folder', 'file'), Buffer.alloc(9000))),
  json: await outcome(() => writeJsonFile(kept, 'x'.repeat(9000))),
  lock: await outcome(() => {
    return lockFile(join(disk, 'lock'), (holder) => new MedleyError('library-locked', holder));
  }),
  table: await outcome(() => {
    return store.addImports([failedFile('/a.jpg')]);
  }),
};
const left = {
  kept: readFileSync(kept, 'utf8'),
  lock: existsSync(join(disk, 'lock')),
  temporary: readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tmp'),
  ),
};
console.log(JSON.stringify({ outcomes, left }));
process.exit();
