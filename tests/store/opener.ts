import { openStore } from '#main/store/store.ts';

// A process to be killed while it opens, and so migrates, the library of the folder given.
process.stdout.write('opening\n');
const store = await openStore(process.argv[2]);
await store.close();
