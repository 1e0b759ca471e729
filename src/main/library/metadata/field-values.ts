import type { FieldValue } from '#main/store/tables/observations.ts';

/** What one place says, by exiftool's names, with every text decoded. */
export type Tags = Readonly<Record<string, FieldValue>>;

/** A field's text, trimmed; exiftool gives texts that look like numbers as numbers. */
export function textOf(tags: Tags, name: string): string | null {
  return asText(firstOf(tags[name]));
}

/** Each text of a field that holds a list, or one. */
export function textsOf(tags: Tags, name: string): string[] {
  const value: unknown = tags[name];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map(asText).filter((text) => text !== null);
}

/** A field's number; null for what is none. */
export function numberOf(tags: Tags, name: string): number | null {
  const value = firstOf(tags[name]);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function firstOf(value: unknown): unknown {
  const list: readonly unknown[] | null = Array.isArray(value) ? value : null;
  return list === null ? value : list[0];
}

function asText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return null;
  const text = value.replaceAll('\0', '').trim();
  return text === '' ? null : text;
}
