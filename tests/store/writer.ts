import { openStore } from '#main/store/store.ts';
import { caption, file, idOf, photo } from './rows.ts';

// A process to be killed while it writes: imports photos 0, 1, 2, ... of the folder given, three a
// write, from the first that the library does not have.
const store = await openStore(process.argv[2]);
process.stdout.write('open\n');
for (let n = store.files.photoCount; ; n += 3) {
  const ids = [n, n + 1, n + 2].map(idOf);
  await store.addImports({
    captions: ids.map((id) => caption(`caption of ${id}`, id)),
    photos: ids.map((id) => photo(id)),
    files: ids.map((id) => file(`/photos/${id}.jpg`, id)),
  });
  process.stdout.write('.');
}
