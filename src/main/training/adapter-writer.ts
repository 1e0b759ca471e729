import { writeWhole } from '#main/files/write-whole.ts';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';
import { CARD } from '#main/med/adapter/adapter-file.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';

/** Writes an adapter as `openAdapter` reads it. */
export async function writeAdapter(
  file: string,
  values: ReadonlyMap<string, WrittenTensor>,
  card: AdapterCard,
): Promise<void> {
  await writeWhole(file, safetensorsBytes(values, { [CARD]: JSON.stringify(card) }));
}
