import { articles, plain } from './english.ts';
import { withoutBrackets } from './lexer.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** Words that say how something is and name nothing themselves. In lower case. */
const describing = set(`
  black white red green blue yellow orange brown grey gray pink purple gold golden silver beige tan turquoise
  violet maroon navy colourful colorful striped spotted checkered plaid plain blond blonde brunette bald
  dark bright pale shiny faded transparent big small large little huge tiny tall short long wide narrow thick
  thin fat slim chubby skinny round square flat steep deep shallow high low old young new ancient modern elderly
  wet dry dirty clean muddy dusty sandy snowy icy frozen rainy foggy misty cloudy sunny stormy windy grassy
  rocky wooden wild empty full crowded busy lonely alone open closed broken torn fluffy furry hairy shaggy smooth
  curly straight bearded barefoot shirtless naked happy sad angry tired asleep awake hungry sleepy scared excited
  male female asian african hot cold warm blurry sharp sweet ripe raw fresh cute ugly beautiful pretty
`);
/** Before what describes, and saying nothing without it. */
const degrees = set('very too so quite really');
const joins = set('and');

/** Whether words only say how something is: “black”, “very small”, “black and white”. */
export function isDescription(words: readonly string[]): boolean {
  const said = words.map(plain);
  return said.some((word) => describing.has(word)) && said.every(belongs);
}

function belongs(word: string): boolean {
  return describing.has(word) || degrees.has(word) || joins.has(word);
}

/**
 * What a description is of: “black” of “a small dog” is “a black dog”, and so are “a black one” and “black ones”.
 * Null where the words name something themselves, or describe nothing that was named.
 *
 * @param thing what was named, its head last
 */
export function describedThing(text: string, thing: string): string | null {
  const words = text.split(' ');
  const stands = ['one', 'ones'].includes(plain(words.at(-1) ?? ''));
  const bare = stands ? words.slice(articles.has(plain(words[0])) ? 1 : 0, -1) : words;
  if (!isDescription(bare)) return null;
  const isOther = (word: string) => plain(word) !== '' && !describing.has(plain(word));
  const named = withoutBrackets(thing).split(' ').filter(isOther);
  const head = named.at(-1);
  if (head === undefined || articles.has(plain(head))) return null;
  const said = bare.filter((word) => !degrees.has(plain(word)));
  return withRightArticle([...named.slice(0, -1), ...said, head]);
}

/** “an old man”, “a man”. */
function withRightArticle([first, ...rest]: readonly string[]): string {
  const isArticle = ['a', 'an'].includes(plain(first)) && rest.length > 0;
  const article = /^[aeiou]/iu.test(rest[0] ?? '') ? 'an' : 'a';
  return [isArticle ? article : first, ...rest].join(' ');
}
