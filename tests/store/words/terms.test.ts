import { expect, test } from 'vitest';
import { connect, Index, MatchQuery } from '#main/store/lancedb.ts';
import { stemOf } from '#main/store/words/stem.ts';
import { fold, unspacedWords, wordsOf } from '#main/store/words/terms.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Words of captions, and the examples of the algorithm's description. */
const vocabulary = `
  a an the dog dogs run runs running runner ran ride rides riding rider beach beaches children child
  child's climbing climbed climber climbers boat boats boating woman women smile smiles smiling smiled
  city cities sky skies snow snowy snowing snowboarder snowboarding swim swims swimming swimmer jump jumps
  jumping jumped jumper play plays playing played player playground cry cries crying cried tie ties tied
  tying die dies dying lie lies lying bus buses grass grasses glass glasses news bias early earlier only
  ugly singly gently happy happily happiness hope hopes hoped hoping hop hops hopping hopped fall falling
  fallen fell roll rolling rolled control controlled controlling national nationalisation nation nations
  rational relational relate related relation conditional condition vile vileness generous generously
  generate generation general generally communism communication communicate arsenal arsenic inning inns
  outing herring canning proceed proceeding exceed exceeded succeed possible possibly possibility able
  ability formal formality formalize electric electrical electricity good goodness form formative negative
  negation sensational sensation activate active activity adjust adjustment replace replacement
  independent dependence adopt adoption irritant irritate cement psychology apology apologies analogical
  useful usefulness nervous nervously decisive decisiveness sensitive sensitivity callous callousness
  feudal feudalism yellow yellows say says saying year years bye toy toys beautiful beautifully beauty
  agreed agree agreement feed feeds feeding bleed proceedings wedding weddings wed bed beds sled sledding
  cease ceased rate rated probable probably theology theologian vietnam marie nagasaki photograph photographs
  photography photographer`
  .trim()
  .split(/\s+/)
  .filter((word) => /^[a-z]+$/.test(word));

test('words have one stem where Snowball in another language gives them one', async () => {
  const database = await connect(temporaryFolder());
  const words = [...new Set(vocabulary)];
  const table = await database.createTable(
    'words',
    words.map((word) => ({ word })),
  );
  const config = Index.fts({ stem: true, removeStopWords: false });
  await table.createIndex('word', { config });
  for (const word of words) {
    const query = table.query().fullTextSearch(new MatchQuery(word, 'word'));
    const found = await query.select(['word', '_score']).limit(1000).toArray();
    const alike = words.filter((other) => stemOf(other) === stemOf(word));
    expect(found.map((row: { word: string }) => row.word).sort()).toEqual(alike.sort());
  }
  table.close();
  database.close();
});

test('words come apart with their places, in any script', () => {
  const text = 'Aunt Marie’s café, 長崎の Straße!';
  const words = wordsOf(text);
  expect(words.map(({ exact }) => exact)).toEqual(
    ['aunt', 'marie', 'cafe', '長', '崎', 'の', 'strasse'], //
  );
  expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(
    ['Aunt', 'Marie’s', 'café', '長', '崎', 'の', 'Straße'], //
  );
  expect(wordsOf('IMG_1234 — Ελλάδα ёлка हिन्दी O’Brien').map(({ exact }) => exact)).toEqual(
    ['img', '1234', 'ελλαδα', 'ёлка', 'हिन्दी', 'obrien'], //
  );
  expect(wordsOf(' … ')).toEqual([]);
});

test('wide, narrow and decomposed forms are one', () => {
  expect(fold('Ｎａｇａｓａｋｉ ﾅｶﾞｻｷ')).toBe('nagasaki ナガサキ');
  expect(fold('cafe\u0301')).toBe(fold('CAFÉ'));
  // A mark that makes another sound stays.
  expect(fold('が')).not.toBe(fold('か'));
});

test('a run without spaces comes apart as a dictionary has it', () => {
  expect(unspacedWords('a 長崎の海 b')).toEqual(['長崎', 'の', '海']);
});
