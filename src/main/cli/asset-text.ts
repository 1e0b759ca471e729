import type { ListedAsset, ListedCaption, ListedFailure } from '#main/store/list-assets.ts';
import type { ShownAsset } from '#main/store/show-asset.ts';
import { isUnsure } from '#shared/unsure.ts';
import { row } from './text-rows.ts';

type Row = readonly [label: string, text: string];

/** An asset in a few lines, for people. */
export function describeListed(asset: ListedAsset, width: number): string {
  return inLines(
    asset.id,
    [...factRows(asset), ...captionRows(asset, shortNotes), ...stateRows(asset)],
    width,
  );
}

/** All that is known of an asset, for people. */
export function describeShown(asset: ShownAsset, width: number): string {
  const rows = [
    ...factRows(asset),
    ...pictureRows(asset),
    ...captionRows(asset, wholeNotes),
    ...asset.formerCaptions.map(({ origin, text, field, modelId }): Row => {
      return ['no more', withNotes(text, [origin, field, modelId])];
    }),
    ...stateRows(asset),
    ...asset.vectors.map((name): Row => ['vector', name]),
    ...observationRows(asset),
  ];
  return inLines(asset.id, rows, width);
}

function inLines(id: string, rows: readonly Row[], width: number): string {
  return [id, ...rows.map(([label, text]) => row(label, text, width))].join('\n');
}

function factRows({
  files,
  taken,
  location,
  camera,
  lens,
  exposure,
  keywords,
}: ListedAsset): Row[] {
  const made = [camera, lens, exposure].filter((each) => each !== null).join(' · ');
  const optional: Row[] = [
    ['place', location === null ? '' : placeText(location)],
    ['camera', made],
    ['keywords', keywords.join(', ')],
  ];
  return [
    ...files.map(({ path, role, missing }): Row => {
      return [role === 'photo' ? 'file' : role, withNotes(path, [missing])];
    }),
    ['taken', taken === null ? 'undated' : withNotes(taken.text.replace('T', ' '), [taken.source])],
    ...optional.filter(([, text]) => text !== ''),
  ];
}

function placeText({ latitude, longitude }: NonNullable<ListedAsset['location']>): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

function pictureRows({ picture }: ShownAsset): Row[] {
  if (picture === null) return [];
  const { format, width, height, bytes, addedAt } = picture;
  return [
    ['picture', `${format}, ${width} × ${height} pixels, ${bytes.toLocaleString('en')} bytes`],
    ['added', addedAt],
  ];
}

function captionRows(
  { captions }: ListedAsset,
  noteOf: (caption: ListedCaption) => string[],
): Row[] {
  return captions.map((caption) => {
    const { origin, text, field, file } = caption;
    return [origin, withNotes(text, [field, file, ...noteOf(caption)])];
  });
}

function shortNotes(caption: ListedCaption): string[] {
  const { confirmed, scores } = caption;
  const unsure = isUnsure({ ...caption, itm: scores[0]?.value ?? null });
  return [
    ...(confirmed ? ['confirmed'] : []),
    ...(unsure ? ['unsure'] : []),
    ...scores.map(({ value }) => value.toFixed(3)),
  ];
}

function wholeNotes({ scores, verdict }: ListedCaption): string[] {
  const decided =
    verdict === null ? [] : [`${verdict.verdict} by ${verdict.by}`, verdict.createdAt];
  return [
    ...decided,
    verdict?.reason ?? '',
    ...scores.map(
      ({ modelId, value }) => `${value.toFixed(3)} by ${modelId ?? 'an unknown model'}`,
    ),
  ];
}

function stateRows({ notices, failures }: ListedAsset): Row[] {
  return [
    ...notices.map((notice): Row => ['notice', notice]),
    ...failures.map((failure): Row => ['failed', failureText(failure)]),
  ];
}

function failureText({ stage, error, modelId }: ListedFailure): string {
  return withNotes(`${stage}: ${error}`, [modelId]);
}

function observationRows({ observations }: ShownAsset): Row[] {
  return observations.map(({ field, value, source, path, readAt }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const from = path === null ? source : `${source} ${path}`;
    return ['says', withNotes(`${field}: ${text}`, [from, `read ${readAt}`])];
  });
}

/** As `text (a · b)`, with the notes that there are. */
function withNotes(text: string, notes: readonly (string | null)[]): string {
  const there = notes.filter((note) => note !== null && note !== '');
  return there.length === 0 ? text : `${text} (${there.join(' · ')})`;
}
