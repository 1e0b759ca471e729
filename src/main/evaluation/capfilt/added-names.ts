import type { Random } from '#main/med/decoding/random.ts';

const people = [
  ...[
    'Anna',
    'Ben',
    'Sanne',
    'Giulia',
    'Tom',
    'Xavier',
    'Priya',
    'Łukasz',
    'Noémie',
    'Grandma Ruth',
  ],
  ...['Uncle Bob', 'Mr. Okafor', 'Emily Carter', 'Jan de Vries', 'Yuki', 'Charlie'],
];
const places = [
  ...['Lake Como', 'Paris', 'Zermatt', 'Central Park', 'Mount Rainier', 'Texel', 'Rue de Rivoli'],
  ...['New York', 'Lyon', 'San Sebastián', 'Cape Cod', 'Kyoto', 'the Tuileries', 'St. Ives'],
];
const dates = [
  ...[
    '2019',
    'July 2018',
    '3 May 1987',
    '2004-08-12',
    'Christmas 2012',
    'last summer',
    '12/06/2011',
  ],
  ...["June '98", 'Saturday', '1st of September 2003', 'August 12, 2005', '10:30 am'],
];

/** What a person adds to a caption that no picture shows, in the ways people do. */
const ways: readonly ((caption: string, random: Random) => string)[] = [
  (caption, random) => `${caption}, ${one(places, random)}, ${one(dates, random)}`,
  (caption, random) => `${caption} in ${one(places, random)}`,
  (caption, random) => `${one(people, random)} and ${one(people, random)}: ${caption}`,
  (caption, random) => `${one(places, random)}, ${one(dates, random)}. ${caption}`,
  (caption, random) => `${caption} (${one(dates, random)})`,
  (caption, random) => `${caption} with ${one(people, random)}`,
];

/** A caption with a name, a place or a date added to it, so that it stays as true as it was. */
export function withNames(caption: string, random: Random): string {
  return one(ways, random)(caption.replace(/[\s.]+$/, ''), random);
}

function one<T>(choices: readonly T[], random: Random): T {
  return choices[Math.floor(random() * choices.length)];
}
