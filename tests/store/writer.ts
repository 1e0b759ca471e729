import { openStore } from '#main/store/store.ts';
import { contentId, importedFile, newContent } from './rows.ts';

// A process to be killed while it writes: imports photos 0, 1, 2, ... into the library of the folder
// given, three a write, from the first that the library does not have.
const store = await openStore(process.argv[2]);
process.stdout.write('open\n');
for (let n = store.tables.files.size; ; n += 3) {
  await store.addImports(
    [n, n + 1, n + 2].map((each) =>
      importedFile(`/photos/${contentId(each)}.jpg`, newContent(each), {
        'XMP-dc:Description': `photo ${each}`,
      }),
    ),
  );
}
