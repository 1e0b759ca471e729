import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesChange } from '#main/store/file-writes/file-change.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import { openStore } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';

/** Tries to write more into a file than its disk holds. */
const [library, disk] = process.argv.slice(2);
const path = join(disk, 'page');
const before = Buffer.alloc(600_000, 1);
writeFileSync(path, before);
const store = await openStore(library);
const codes: string[] = [];
await writeFiles([bytesChange(path, before, Buffer.alloc(600_000, 2))], {
  journal: store.tables.journal,
  undo: store.undo,
  batch: newBatch('person'),
  onFailed: ({ error }) => void codes.push(error.code),
});
await store.close();
const old = readFileSync(path).equals(before);
process.stdout.write(JSON.stringify({ codes, old, left: readdirSync(disk) }));
process.exit();
