import type { FieldValue } from '#main/store/tables/observations.ts';
import type { Said } from './said.ts';
import { readableText } from './text-encoding.ts';

/** What is said with every text decoded, and the fields whose character set is unknown. */
export interface ReadableSaid {
  readonly places: readonly Said[];
  readonly doubtful: readonly string[];
}

export function readableSaid(said: readonly Said[]): ReadableSaid {
  const doubtful = new Set<string>();
  const decode = (field: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const { text, isSure } = readableText(value);
    if (!isSure) doubtful.add(field);
    return text;
  };
  const decodeField = (field: string, value: FieldValue): FieldValue => {
    if (Array.isArray(value)) return value.map((each) => decode(field, each));
    const decoded = decode(field, value);
    return typeof decoded === 'string' ? decoded : value;
  };
  const places = said.map((place) => ({
    ...place,
    tags: Object.fromEntries(
      Object.entries(place.tags).map(([field, value]) => [field, decodeField(field, value)]),
    ),
  }));
  return { places, doubtful: [...doubtful] };
}
