import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/**
 * Writes files `0` to `39` of a folder, and is killed at the n-th step: before a file is kept, put in its
 * place or deleted, or rows are recorded.
 */
const [library, folder, step] = process.argv.slice(2);
let left = Infinity;
const count = () => {
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
};
for (const name of ['link', 'rename', 'rm'] as const) {
  const real = fs[name] as (...args: unknown[]) => Promise<void>;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      if (String(args[0]).startsWith(folder)) count();
      return real(...args);
    },
  });
}
syncBuiltinESMExports();

const { bytesChange } = await import('#main/store/file-writes/file-change.ts');
const { writeFiles } = await import('#main/store/file-writes/write-files.ts');
const { openStore } = await import('#main/store/store.ts');
const { newBatch } = await import('#main/store/tables/journal.ts');
const store = await openStore(library);
const { journal } = store.tables;
const batch = newBatch('person');
process.stdout.write(batch.id);
left = Number(step);
const changes = Array.from({ length: 40 }, (_, i) =>
  bytesChange(
    join(folder, String(i)),
    i % 2 === 0 ? Buffer.from(`old ${i}`) : null,
    Buffer.from(`new ${i}`),
  ),
);
const record = journal.record.bind(journal);
journal.record = async (...args) => {
  count();
  await record(...args);
  count();
};
await writeFiles(changes, { journal, undo: store.undo, batch });
process.exit();
