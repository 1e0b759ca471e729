import { expect, test } from 'vitest';
import { asCaption } from '#main/search/as-caption.ts';

test.each([
  ['dog', 'a dog'],
  ['umbrella', 'an umbrella'],
  ['Dog', 'a Dog'],
  ['brown dog', 'a brown dog'],
  ['orange cat', 'an orange cat'],
  ['t-shirt', 'a t-shirt'],
])('a short text is asked as captions have it: %s', (text, asked) => {
  expect(asCaption(text)).toBe(asked);
});

test.each([
  ...['dogs', 'brown dogs', 'people', 'snow', 'fresh snow', 'swimming', 'dog running', 'black'],
  ...[
    'a dog',
    'the sea',
    'two men',
    'my house',
    'in water',
    'red car at night',
    'dog, cat',
    '42',
    '犬',
    '',
  ],
])('any other stays as it is: %s', (text) => {
  expect(asCaption(text)).toBe(text);
});
