import { z } from 'zod';
import type { FieldValue } from '#main/store/tables/observations.ts';

const Degrees = z.object({ latitude: z.number(), longitude: z.number() });
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);

/** What Google Takeout puts beside a photo; of its parts, one that is not as it should be is left. */
const Takeout = z.object({
  title: z.string(),
  photoTakenTime: z.object({ timestamp: z.coerce.number() }),
  description: optional(z.string()),
  geoData: optional(Degrees),
  geoDataExif: optional(Degrees),
  people: optional(z.array(z.object({ name: z.string() }))),
});

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * What a JSON file of Google Takeout says of its photo, as tags of the group `Takeout`: the time in
 * seconds since 1970, positions as latitude and longitude.
 *
 * @returns null for JSON of another kind
 * @throws SyntaxError for what is no JSON
 */
export function parseTakeout(text: string): Record<string, FieldValue> | null {
  const parsed = Takeout.safeParse(JSON.parse(text.replace(/^\ufeff/, '')));
  if (!parsed.success) return null;
  const { title, photoTakenTime, description, geoData, geoDataExif, people } = parsed.data;
  const place = (at: z.infer<typeof Degrees> | null | undefined) =>
    at ? [at.latitude, at.longitude] : null;
  const tags = {
    'Takeout:title': title,
    'Takeout:photoTakenTime': photoTakenTime.timestamp,
    'Takeout:description': description ? unescaped(description) : null,
    'Takeout:geoData': place(geoData),
    'Takeout:geoDataExif': place(geoDataExif),
    'Takeout:people': people?.map(({ name }) => name) ?? null,
  };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** Takeout writes some texts as they stand in its web pages. */
function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}
