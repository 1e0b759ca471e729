import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintText, lintTexts } from '#main/alttext/rules/lint-text.ts';
import type { TextInPlace } from '#main/alttext/rules/text-in-place.ts';
import { inPage, placed } from './places.ts';

/** A text, where it stands, and what is found: rule, severity, and what mends it. */
type Case = [text: string | null, rest: Partial<TextInPlace>, found: string, fix?: string];

const page = { context: inPage() };
const link = { context: inPage({ inside: 'link', functional: true }) };

const broken: Case[] = [
  [null, page, 'alt.missing error'],
  [null, { context: inPage({ title: 'A lake at dawn' }) }, 'alt.missing warning', 'A lake at dawn'],
  [null, { context: inPage({ invisible: true }) }, 'alt.missing error', ''],
  [null, { context: inPage(), fileName: 'spacer.gif' }, 'alt.missing error', ''],
  ['', link, 'alt.missing error'],
  [null, {}, 'alt.missing advice'],
  [' ', page, 'alt.whitespace error', ''],
  ['\u00a0\n\u200b', page, 'alt.whitespace error', ''],
  ['  ', link, 'alt.whitespace error'],
  ['image', page, 'alt.placeholder error'],
  ['Picture 1', page, 'alt.placeholder error'],
  ['Intro#1', page, 'alt.placeholder error'],
  ['[image]', page, 'alt.placeholder error'],
  ['*', page, 'alt.placeholder error'],
  ['spacer', page, 'alt.placeholder error', ''],
  ['spacer', link, 'alt.placeholder error'],
  ['undefined', page, 'alt.placeholder error'],
  ['Enter image description here', page, 'alt.placeholder error'],
  ['Lorem ipsum dolor sit amet', page, 'alt.placeholder error'],
  ['Oct.jpg', page, 'alt.filename error'],
  ['sales\\oct\\top3.jpg', page, 'alt.filename error'],
  ['My holiday (2).JPEG', page, 'alt.filename error'],
  ['IMG_2034', page, 'alt.filename error'],
  ['PXL_20230801_101010.MP', page, 'alt.filename error'],
  ['WhatsApp Image 2023-08-01 at 10.10.10', page, 'alt.filename error'],
  ['Screenshot 2024-01-05 at 09.12.44', page, 'alt.filename error'],
  ['DSCF0042-edited', page, 'alt.filename error'],
  ['0001', page, 'alt.filename error'],
  ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', page, 'alt.filename error'],
  ['d41d8cd98f00b204e9800998ecf8427e', page, 'alt.filename error'],
  ['team_photo_final', page, 'alt.filename error'],
  ['golden-gate', { ...page, fileName: 'golden-gate.webp' }, 'alt.filename warning'],
  ['Image of a dog on a beach', page, 'alt.prefix warning', 'A dog on a beach'],
  ['a picture of a picture of two dogs', page, 'alt.prefix warning', 'Two dogs'],
  ['This is a red barn in snow', page, 'alt.prefix warning', 'A red barn in snow'],
  ['The photo shows a red barn', page, 'alt.prefix warning', 'A red barn'],
  ['Photo: A red barn in snow', page, 'alt.prefix warning', 'A red barn in snow'],
  ['Beautiful sunset image', page, 'alt.prefix advice'],
  ['Barn', page, 'alt.tooShort warning'],
  ['A red barn', page, 'alt.tooShort advice'],
  ['https://example.com/photos/4', page, 'alt.url error'],
  ['A barn, from https://example.com/4', page, 'alt.url warning'],
  [
    'A red barn stands in the snow',
    { caption: 'A red barn stands in the snow.' },
    'alt.duplicatesCaption warning',
  ],
  [
    'Two girls in blue dresses play football in a park',
    { caption: 'Two girls in blue dresses play football in the park' },
    'alt.duplicatesCaption warning',
  ],
  [
    'Our mountain guides',
    { context: inPage({ inside: 'link', textAround: 'Our mountain guides' }) },
    'alt.redundantInContext warning',
    '',
  ],
  [
    'Our mountain guides',
    { context: inPage({ inside: 'link', functional: true, linkBeside: 'our Mountain guides' }) },
    'alt.redundantInContext warning',
  ],
  ['decorative image', page, 'alt.decorative warning', ''],
  ['', { context: inPage({ title: 'A barn' }) }, 'alt.decorative warning'],
  [
    '',
    { caption: 'The barn, 1912', context: inPage({ inside: 'figure' }) },
    'alt.decorative advice',
  ],
  ['A red barn in snow', { context: inPage({ hidden: true }) }, 'alt.decorative advice'],
  ['a dog and a dog and a dog and a dog', page, 'alt.repetition warning', 'a dog'],
  [
    'a man in a red shirt a man in a red shirt by the sea',
    page,
    'alt.repetition warning',
    'a man in a red shirt by the sea',
  ],
  ['a cat cat cat cat cat on a bed', page, 'alt.repetition warning', 'a cat on a bed'],
  ['Fish &amp; chips on a plate', page, 'alt.encoding warning', 'Fish & chips on a plate'],
  ['Fish &amp;amp; chips on a plate', page, 'alt.encoding warning', 'Fish & chips on a plate'],
  ['A cafÃ© at the harbour', page, 'alt.encoding warning', 'A café at the harbour'],
  ['The dogâ€™s new blue collar', page, 'alt.encoding warning', 'The dog’s new blue collar'],
  ['A <b>red</b> barn in snow', page, 'alt.encoding warning', 'A red barn in snow'],
  [
    'A **red** barn, [seen](/x) from afar',
    page,
    'alt.encoding warning',
    'A red barn, seen from afar',
  ],
  ['Party time at home 🎉🎉🎉🥳', page, 'alt.encoding warning', 'Party time at home'],
  ['The caf\ufffd at the harbour', page, 'alt.encoding warning'],
  ['TWO DOGS RUN ON A BEACH', page, 'alt.allCaps warning', 'Two dogs run on a beach'],
  [
    'Zwei Hunde spielen im Schnee vor einem roten Haus',
    { ...page, language: 'en-GB' },
    'alt.language advice',
  ],
];

test.each(broken)('%j in %j is found: %s', (text, rest, found, fix) => {
  const findings = lintText(placed(text, rest));
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toContain(found);
  const [rule] = found.split(' ');
  const mended = findings.find((each) => each.rule === rule)?.fix ?? null;
  const text2 = mended?.kind === 'decorative' ? '' : mended?.text;
  expect(text2).toBe(fix);
});

const good: [text: string | null, rest: Partial<TextInPlace>][] = [
  ['', page],
  ['Home', link],
  ['Search', { context: inPage({ element: 'input', functional: true }) }],
  ['Menu', { context: inPage({ element: 'svg', functional: true }) }],
  ['😀', { context: inPage({ emoji: true }) }],
  ['grinning', { context: inPage({ emoji: true }) }],
  [null, { context: inPage({ hidden: true }) }],
  ['Photo of the year: a fox jumps into snow', page],
  ['A man takes a photo of two dogs', page],
  ['Painting of a ship in a storm', page],
  ['Screenshot of the settings with the new switch', page],
  ['Golden Gate Bridge at dawn', { ...page, fileName: 'golden-gate-bridge-at-dawn.jpg' }],
  ['The NASA and ESA logos side by side', page],
  ['Very, very tall trees beside a road', page],
  ['Rowers side by side by side on a lake', page],
  ['Score board that reads 1 1 1 1 and 0', page],
  ['Anna and Ben at Lake Como, 2019', { ...page, language: 'en' }],
  ['Playa de las Teresitas, Tenerife', { ...page, language: 'en' }],
  ['Zwei Hunde spielen im Schnee vor einem roten Haus', { ...page, language: 'de' }],
  ['Zwei Hunde spielen im Schnee vor einem roten Haus', page],
  ['一只棕色的狗在海滩上奔跑', { ...page, language: 'zh' }],
  ['Собака бежит по берегу моря с палкой в зубах', { ...page, language: 'ru' }],
  ['A plate of fish & chips, R&D canteen', page],
  ['Sign that reads 5 < 6 and a_b', page],
  ['Birthday cake with five candles 🎂', page],
  ['Smith & Sons’ shop, “since 1912” – closed', page],
  ['A red barn', { purpose: 'caption' }],
  ['Photo of my grandmother', { purpose: 'caption' }],
  ['2019', { purpose: 'caption' }],
  ['2019–2020', { purpose: 'caption' }],
  [null, { purpose: 'caption' }],
  [null, { purpose: 'extended' }],
  [
    'Day after day the ship sails west, and nobody sees land. The sea is calm, and the crew sings of home and of what there will be to eat. ',
    { purpose: 'caption' },
  ],
];

test.each(good)('%j in %j is left alone', (text, rest) => {
  expect(lintText(placed(text, rest))).toEqual([]);
});

test('what people wrote of photos is left alone', async () => {
  const file = join(import.meta.dirname, '..', '..', 'fixtures', 'alttext', 'true-captions.txt');
  const captions = (await readFile(file, 'utf8')).trim().split('\n');
  expect(captions).toHaveLength(300);
  const flagged = captions.flatMap((text) => [
    ...lintText(placed(text, { language: 'en', fileName: 'IMG_2034.jpg' })),
    ...lintText(placed(text, { language: 'en', purpose: 'caption' })),
    ...lintText(placed(text, { language: 'en', context: inPage() })),
  ]);
  expect(flagged.filter(({ severity }) => severity !== 'advice')).toEqual([]);
});

test('what is an error in place of a picture is a warning beside it', () => {
  const [finding] = lintText(placed('IMG_2034', { purpose: 'caption' }));
  expect(finding).toMatchObject({ rule: 'alt.filename', severity: 'warning' });
});

test('a long text is cut at a sentence or clause, and kept whole as the extended description', () => {
  const text =
    'A fisherman mends a green net on the quay of a small harbour. Behind him lie three wooden boats, one of them painted blue, and a dog sleeps in the shade.';
  const findings = lintText(placed(text));
  expect(findings).toMatchObject([
    {
      rule: 'alt.tooLong',
      severity: 'warning',
      fix: {
        kind: 'extend',
        text: 'A fisherman mends a green net on the quay of a small harbour.',
        extended: text,
      },
    },
  ]);
  expect(lintText(placed(text, page))).toMatchObject([{ rule: 'alt.tooLong', fix: null }]);
  const clauses =
    'Below a sky full of dark clouds a fisherman mends a green net, while behind him three wooden boats, one of them painted blue, lie on the quay';
  expect(lintText(placed(clauses))[0]?.fix).toMatchObject({
    text: 'Below a sky full of dark clouds a fisherman mends a green net, while behind him three wooden boats, one of them painted blue.',
  });
  expect(lintText(placed(`${clauses}. ${clauses}.`))[0]?.severity).toBe('error');
});

test('the limits of length are those of the IPTC', () => {
  const letters = (count: number) => `A ${'boat '.repeat(60)}`.slice(0, count - 1) + '.';
  const lengths = (count: number) =>
    lintText(placed(letters(count))).flatMap(({ rule, severity }) =>
      rule === 'alt.tooLong' ? severity : [],
    );
  expect([125, 126, 250, 251].map(lengths)).toEqual([[], ['warning'], ['warning'], ['error']]);
});

test('the same text of pictures that look different is found, and of the same picture not', () => {
  const text = 'A red barn in the snow';
  const rules = lintTexts([
    placed(text, { looks: 'a' }),
    placed(`${text}.`, { looks: 'b' }),
    placed(text, { looks: null }),
    placed('Two dogs run on a beach', { looks: 'c' }),
    placed('Two dogs run on a beach', { looks: 'c' }),
    placed('Home', { looks: 'd', ...link }),
    placed('Home', { looks: 'e', ...link }),
  ]).map((findings) => findings.map(({ rule }) => rule));
  expect(rules).toEqual([
    ['alt.duplicateAcrossPictures'],
    ['alt.duplicateAcrossPictures'],
    [],
    [],
    [],
    [],
    [],
  ]);
});
