import { asDecorative } from './as-decorative.ts';
import { found, type WordsRule } from './rule.ts';

/** What stands where the picture says nothing: it is better passed over. */
const ornaments = new Set(
  ['spacer', 'blank', 'bullet', 'divider', 'separator', 'empty', 'transparent', 'pixel'].flatMap(
    (word) => [word, `${word} image`, `${word} gif`],
  ),
);

/** What names the kind of picture, or that a text is missing. F30 and the list of WAVE, and what editors put in. */
const placeholders = new Set([
  ...['image', 'images', 'img', 'picture', 'pictures', 'pic', 'photo', 'photos', 'photograph'],
  ...['graphic', 'graphics', 'drawing', 'painting', 'artwork', 'illustration', 'figure', 'fig'],
  ...['logo', 'icon', 'button', 'arrow', 'more', 'thumbnail', 'thumb', 'banner', 'hero'],
  ...['chart', 'table', 'diagram', 'graph', 'screenshot', 'avatar', 'cover', 'background'],
  ...['alt', 'alt text', 'alt tag', 'alternative text', 'alternate text', 'alt text here'],
  ...['image alt', 'image alt text', 'image description', 'image title', 'image name'],
  ...['image here', 'insert alt text', 'insert alt text here', 'add alt text', 'your alt text'],
  ...['description', 'describe image', 'enter image description here', 'describe this image'],
  ...['caption', 'title', 'text', 'name', 'filename', 'file name', 'placeholder'],
  ...['placeholder image', 'placeholder text', 'sample image', 'default image', 'no image'],
  ...['featured image', 'cover image', 'hero image', 'image placeholder', 'stock photo'],
  ...[
    'untitled',
    'unnamed',
    'unknown',
    'todo',
    'tbd',
    'fixme',
    'xxx',
    'asdf',
    'test',
    'test image',
  ],
  ...['n/a', 'na', 'none', 'null', 'undefined', 'nan', 'nil', 'object object', 'true', 'false'],
  ...['bild', 'foto', 'grafik', 'abbildung', 'imagen', 'immagine', 'imagem', 'afbeelding', 'obraz'],
]);

const numbered =
  /^(?:image|img|picture|pic|photo|photograph|figure|fig|graphic|slide|intro|untitled|screenshot|bild|foto|imagen)[\s#№.-]*(?:\(?\d{1,6}\)?)$/;

/** The text stands in the place of one that nobody wrote. */
export const placeholder: WordsRule = (text, { context }) => {
  if (context?.emoji === true) return null;
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^[\s"'[\](){}<>.:…-]+|[\s"'[\](){}<>.:!…-]+$/g, '')
    .replace(/\s+/g, ' ');
  const isOrnament = ornaments.has(plain);
  if (!isOrnament && !isPlaceholder(plain)) return null;
  return found(
    {
      rule: 'alt.placeholder',
      severity: 'error',
      wcag: ['1.1.1', 'F30'],
      also: ['wave:alt_suspicious', 'jsx-a11y:img-redundant-alt', 'act:qt1vmo'],
    },
    `The text, “${text.trim()}”, only holds the place of one that says what the picture shows.`,
    isOrnament ? asDecorative({ context }) : null,
  );
};

function isPlaceholder(plain: string): boolean {
  return (
    placeholders.has(plain) ||
    numbered.test(plain) ||
    plain.startsWith('lorem ipsum') ||
    /^[*•·.\-_=+#|~]*$/.test(plain)
  );
}
