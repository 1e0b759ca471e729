import { expect, test } from 'vitest';
import { parse, parseBeside } from './said-photo.ts';

const cases: [what: string, tags: Parameters<typeof parse>[0], keywords: string[]][] = [
  ['a list', { 'XMP-dc:Subject': ['dog', 'grass', 2019] }, ['dog', 'grass', '2019']],
  ['one', { 'IPTC:Keywords': 'dog' }, ['dog']],
  ['several in one', { 'IPTC:Keywords': 'beach; summer; 2015' }, ['beach', 'summer', '2015']],
  ['several in one of Windows', { 'IFD0:XPKeywords': 'a b;c; ;d' }, ['a b', 'c', 'd']],
  ['a list with commas', { 'XMP-dc:Subject': 'dog, cat, old horse' }, ['dog', 'cat', 'old horse']],
  ['a place with a comma', { 'XMP-dc:Subject': 'Paris, France' }, ['Paris, France']],
  [
    'commas in a list of its own',
    { 'XMP-dc:Subject': ['a, b, c', 'Paris, France'] },
    ['a, b, c', 'Paris, France'],
  ],
  ['cases that differ', { 'XMP-dc:Subject': ['Dog'], 'IPTC:Keywords': ['dog', 'DOG'] }, ['Dog']],
  ['digiKam', { 'XMP-digiKam:TagsList': ['Animals/Birds/Heron', 'Sea'] }, ['Heron', 'Sea']],
  ['Lightroom', { 'XMP-lr:HierarchicalSubject': 'Animals|Birds|Heron' }, ['Heron']],
  [
    'darktable, without its own notes',
    {
      'XMP-dc:Subject': ['darktable', 'format', 'cr2', 'harbour'],
      'XMP-lr:HierarchicalSubject': ['darktable|format|cr2', 'places|harbour'],
    },
    ['harbour'],
  ],
  [
    'a word that darktable uses too',
    { 'XMP-dc:Subject': ['format', 'harbour'] },
    ['format', 'harbour'],
  ],
  ['a path in a flat list', { 'XMP-dc:Subject': 'Animals|Birds|Heron' }, ['Heron']],
  ['Microsoft', { 'XMP-microsoft:LastKeywordXMP': ['Sea', 'Animals/Heron'] }, ['Sea', 'Heron']],
  ['Microsoft in IPTC', { 'XMP-microsoft:LastKeywordIPTC': 'Animals/Heron' }, ['Heron']],
  [
    'ACDSee',
    {
      'XMP-acdsee:Categories':
        '<Categories><Category Assigned="0">Animals<Category Assigned="1">Heron</Category></Category><Category Assigned="0">Sea</Category></Categories>',
    },
    ['Heron'],
  ],
  [
    'faces',
    { 'XMP-mwg-rs:RegionName': ['Ann', 'Bo'], 'XMP-MP:RegionPersonDisplayName': 'Ann' },
    ['Ann', 'Bo'],
  ],
];

test.each(cases)('%s', (_, tags, keywords) => {
  expect(parse(tags).keywords).toEqual(keywords);
});

test('the people that Takeout names are keywords', () => {
  const takeout = { 'Takeout:people': ['Ann', 'Bo'] };
  expect(parseBeside({ 'XMP-dc:Subject': 'ann' }, { takeout }).keywords).toEqual(['ann', 'Bo']);
});
