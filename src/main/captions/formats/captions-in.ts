import { z } from 'zod';

const Sentence = z.union([
  z.string(),
  z.object({ raw: z.string() }).transform(({ raw }) => raw),
  z.object({ caption: z.string() }).transform(({ caption }) => caption),
]);
const Captions = z.union([z.array(Sentence), Sentence.transform((sentence) => [sentence])]);

/**
 * The captions in a value: one, a list, or a list of sentences with their text in `raw` or
 * `caption`. A text that is itself a JSON list of texts, as tables hold them, is that list. Null for
 * any other value.
 */
export function captionsIn(value: unknown): string[] | null {
  const parsed = Captions.safeParse(value);
  if (!parsed.success) return null;
  const [only] = parsed.data;
  return (parsed.data.length === 1 && listIn(only)) || parsed.data;
}

function listIn(text: string): string[] | null {
  if (!/^\s*\["/.test(text)) return null;
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return null;
  }
}
