import type { FilterCheck } from '#main/bootstrap/filter-check.ts';
import type { BootstrapReport, RowReport } from '#main/bootstrap/report.ts';
import type { Share } from '#main/bootstrap/share.ts';
import type { AdapterScore } from '#main/med/adapter/adapter-card.ts';
import type { Printed } from './commands/bootstrap.ts';
import { figure, scoreLines, signed } from './training-text.ts';

/** What tables show of every row. */
const shown = [
  'text to photo R@1',
  'photo to text R@1',
  'mean recall',
  'matching AUC',
  'CIDEr-D',
  'CIDEr-D beyond chance',
];

/** What came of a bootstrap, for people. */
export function describeBootstrap(result: Printed): string {
  const { photos, rows, reason, scores } = result;
  const final = rows.find(({ name }) => name === result.final);
  return [
    `${photos.clean} photos with clean captions learnt from, ${photos.validation} for stopping; ${photos.noisy} with noisy ones; ${photos.held} to measure by`,
    ...result.unreadable.map(({ file, reason: why }) => `left out: ${file}: ${why}`),
    describeCheck(result.check),
    ...(final === undefined ? [] : describeNoise(final)),
    'Before: trained on the noisy captions as they were. After: on the cleaned ones.',
    ...scoreLines(scores),
    reason,
    ...result.tables.flatMap((table) => describeTable(table, result)),
    `The cleaned captions: ${result.cleaned}; what was taken out: ${result.removed}`,
    `What was trained on them: ${result.adapters.join(', ')}`,
  ].join('\n');
}

/** Of right captions, where as many wrong ones are taken out: half is guessing. */
const guessing = 0.6;

function describeCheck({ threshold, rightKept, wrongRemoved }: FilterCheck): string {
  const worth = `the filter keeps ${rightKept.count} of ${rightKept.of} clean captions that it did not learn from, and takes out ${wrongRemoved.count} of ${wrongRemoved.of} where they are put to other photos (log-odds below ${threshold.toFixed(2)})`;
  return rightKept.count < guessing * rightKept.of
    ? `${worth}: that is little better than guessing. It needs more clean captions, or another model.`
    : worth;
}

function describeNoise({ account, rejected, noisy, synthetic }: RowReport): string[] {
  const known = account !== null && account.noiseRemoved.of > 0 ? account : null;
  return [
    ...(account === null ? [] : [`noisy captions taken out: ${shareText(account.removed)}`]),
    ...(known === null
      ? []
      : [
          `  of the wrong ones: ${shareText(known.noiseRemoved)}`,
          `  of the right ones: ${shareText(known.rightLost)}`,
          `  wrong among those kept: ${shareText(known.noiseKept)}`,
        ]),
    ...(rejected === null ? [] : [`synthetic captions taken out: ${shareText(rejected)}`]),
    `left: ${noisy} noisy and ${synthetic} synthetic captions`,
  ];
}

/** A column a row of the paper's table: a terminal is not wide enough for the measures. */
function describeTable(
  { table, title, reference, rows }: BootstrapReport['tables'][number],
  result: BootstrapReport,
): string[] {
  const columns = [reference, ...rows.map(({ name }) => name)].map((name) => {
    const report = result.rows.find((each) => each.name === name);
    const compared = rows.find((each) => each.name === name);
    return [
      compared?.title ?? report?.title ?? name,
      `${report?.noisy ?? 0} + ${report?.synthetic ?? 0}`,
      takenOut(report),
      ...shown.map((measure) => scoreCell(measure, report, compared?.scores ?? [])),
    ];
  });
  const untrained = shown.map((measure) => shownFigure(result.untrained[measure]));
  return [
    '',
    `Table ${table}. ${title}: in brackets, differences to the first column, 95 % of chance`,
    ...inColumns([
      ['', 'noisy + synthetic', 'taken out', ...shown],
      ...columns,
      ['untrained', '', '', ...untrained],
    ]),
  ];
}

function inColumns(columns: readonly (readonly string[])[]): string[] {
  const padded = columns.map((cells) => {
    const wide = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padEnd(wide));
  });
  return padded[0].map((_, line) =>
    padded
      .map((cells) => cells[line])
      .join('  ')
      .trimEnd(),
  );
}

/** Of the synthetic captions, or where there are none of the noisy ones, those that the filter took out. */
function takenOut(report: RowReport | undefined): string {
  const ratio = report?.rejected ?? report?.account?.removed;
  return ratio === undefined || ratio === null ? '' : shareText(ratio);
}

function scoreCell(
  measure: string,
  report: RowReport | undefined,
  scores: readonly AdapterScore[],
): string {
  const value = shownFigure(report?.measures[measure]);
  const score = scores.find((each) => each.measure === measure);
  return score === undefined ? value : `${value} (${signed(score.low)} to ${signed(score.high)})`;
}

/** Empty where it was not measured. */
function shownFigure(value: number | undefined): string {
  return value === undefined ? '' : figure(value);
}

function shareText({ count, of, low, high }: Share): string {
  const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
  return `${count} of ${of} (${percent(low)} to ${percent(high)})`;
}
