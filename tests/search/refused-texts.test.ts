import { expect, test } from 'vitest';
import { refusedTexts } from '#main/search/refused-texts.ts';
import { parseQuery } from '#shared/query/parse.ts';

test.each(['no people', 'nobody', 'a beach without any people', 'a room with no one', '-people'])(
  '“%s” is without a single person',
  (query) => {
    const { excluded } = parseQuery(query);
    expect(excluded.flatMap(({ text }) => refusedTexts(text))).toEqual([
      'people',
      'a man',
      'a woman',
      'a child',
    ]);
  },
);

test.each(['a dog', 'people with hats', 'children', 'two people'])(
  '“%s” is asked as it stands',
  (text) => {
    expect(refusedTexts(text)).toEqual([text]);
  },
);
