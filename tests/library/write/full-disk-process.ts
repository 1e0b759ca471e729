import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MetadataWriter } from '#main/library/write/metadata-writer.ts';
import { MedleyError } from '#shared/errors.ts';

/** Writes a copy of a photo where there is no room for it, and says what came of it. */
const [photo, disk] = process.argv.slice(2);
const writer = await MetadataWriter.open();
const texts = { caption: { text: 'A boat', modelId: null } };
const error: unknown = await writer
  .write(photo, join(disk, 'copy.tmp'), texts, { mark: true })
  .catch((reason: unknown) => reason);
await writer.close();
const code = error instanceof MedleyError ? error.code : error;
process.stdout.write(JSON.stringify({ code, left: readdirSync(disk) }));
process.exit();
