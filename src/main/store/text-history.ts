import type { TextEvent } from '#shared/schemas/captions.ts';
import { isPresent, isProposal, isSetAside, type Present } from './asset-captions.ts';
import type { CaptionRow } from './tables/captions.ts';
import type { Tables } from './tables/tables.ts';
import type { VerdictRow } from './tables/verdicts.ts';

/** What became of the texts of an asset, newest first. */
export async function textHistory(
  tables: Tables,
  assetId: string,
  present: Present,
  ofCameras: ReadonlySet<string>,
): Promise<TextEvent[]> {
  const rows = (await tables.captions.of([assetId])).filter(
    (row) => !ofCameras.has(row.id) && !isProposal(tables, row),
  );
  const decisions = await tables.verdicts.allOf(rows.map(({ id }) => id));
  const byCaption = Map.groupBy(decisions, ({ captionId }) => captionId);
  const events = rows.flatMap((row): TextEvent[] => {
    const shown = isPresent(tables.files, row, present) && !isSetAside(tables, row);
    const about = { caption: factsOf(row), shown };
    return [
      { at: row.createdAt, what: 'written', by: null, ...about },
      ...decidedOf(row, byCaption.get(row.id) ?? []).map(
        ({ createdAt, verdict, by }): TextEvent => ({ at: createdAt, what: verdict, by, ...about }),
      ),
    ];
  });
  return events.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Without the first word on a person's own text: that its writer stands by it says nothing new. */
function decidedOf({ origin }: CaptionRow, decisions: readonly VerdictRow[]): VerdictRow[] {
  return decisions.filter(
    ({ verdict }, i) => i > 0 || origin !== 'person' || verdict !== 'confirmed',
  );
}

function factsOf({ id, text, origin, field, modelId, decoding }: CaptionRow) {
  return { id, text, origin, field, modelId, decoding };
}
