import { readCard } from '#main/med/checkpoint/checkpoint.ts';

/** What is shown of a model card. */
export interface ModelCard {
  /** As the card names it; null where it does not. */
  readonly license: string | null;
  /** The first lines of it that hold words. */
  readonly start: readonly string[];
}

const startLines = 6;

/** The card in a model's folder; an empty one where there is none. */
export async function readModelCard(folder: string): Promise<ModelCard> {
  return parseCard((await readCard(folder)) ?? '');
}

/**
 * A card is Markdown, after settings between two lines of dashes. Hugging Face has licences by id
 * there, and `other` with a name of its own.
 */
export function parseCard(card: string): ModelCard {
  const settings = /^---\r?\n(.*?)^---\r?\n/ms.exec(card);
  const setting = (name: RegExp) => name.exec(settings?.[1] ?? '')?.[1] ?? null;
  const license = setting(/^licen[cs]e:[ \t]*(\S.*?)\s*$/m);
  const ownName = setting(/^license_name:[ \t]*(\S.*?)\s*$/m);
  const text = settings === null ? card : card.slice(settings[0].length);
  const lines = text.split('\n').map((line) => line.trim());
  return {
    license: license === 'other' ? (ownName ?? license) : license,
    start: lines.filter((line) => line !== '').slice(0, startLines),
  };
}
