import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import { openStore } from '#main/store/store.ts';

// A process to be killed while it writes files of the library given: a large thumbnail again and again.
const store = await openStore(process.argv[2]);
await mkdir(join(store.paths.thumbnails, 'ab'), { recursive: true });
// What earlier versions of Medley left.
writeFileSync(`${store.paths.batchSizes}.tmp`, '{');
const picture = new Uint8Array(64 * 2 ** 20);
process.stdout.write('open\n');
for (;;) await writeWhole(join(store.paths.thumbnails, 'ab', 'abcd.webp'), picture);
