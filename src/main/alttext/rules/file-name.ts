import { found, type WordsRule } from './rule.ts';

const extensions =
  'jpe?g|jpe|jfif|png|gif|webp|avif|svgz?|hei[cf]|jxl|tiff?|bmp|ico|raw|dng|cr[23]|nef|arw|orf|rw2|raf|psd|pdf|mp4|mov';
const withExtension = new RegExp(`^[^\\n]*[^\\s.]\\.(?:${extensions})$`, 'i');

/** How cameras, phones and programs begin the names that they give, before figures. */
const makers = [
  ...['img', 'image', 'dsc', 'dscf', 'dscn', 'dscn?', '_dsc', '_mg', 'pxl', 'mvimg', 'gopr', 'gp'],
  ...['dji', 'p', 'pict', 'imgp', 'sam', 'kif', 'vid', 'mov', 'photo', 'pano', 'burst', 'scan'],
  ...['screenshot', 'screen shot', 'screen recording', 'bildschirmfoto', 'captura de pantalla'],
  ...['whatsapp image', 'signal', 'fb_img', 'received', 'snapchat', 'inshot', 'istock'],
  ...['shutterstock', 'adobestock', 'depositphotos', 'gettyimages', 'unsplash', 'pexels'],
].join('|');
/** Nothing but what a machine counts or dates by, as `IMG_2034`, `PXL_20230801_101010.MP`. */
const ofMachine = new RegExp(
  `^(?:${makers})[-_ ~]*\\d{3,}(?:[-_ .~()]|\\d|at|am|pm|wa|mp|edit|edited|copy|hdr|portrait|night|burst|cover|scaled|[ef]\\d)*$`,
  'i',
);
const identifier = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // Hexadecimal with figures and letters, as hashes are.
  /^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}$/i,
  // What is only counted or dated, as 0001 and 2023-08-01_10-10.
  /^\d[\d_\-.:x ]{2,}\d$/,
];
/** Words that are held together as in names of files. */
const joined = /^[\p{L}\p{N}]+(?:_[\p{L}\p{N}()]+)+$/u;
const path = /^(?:[a-z]:)?[^\s]*[\\/][^\s]*\.[a-z0-9]{2,4}$/i;

/** The text is the name of a file, which says to nobody what is to be seen. */
export const fileName: WordsRule = (text, { fileName: name }) => {
  const plain = text.trim();
  const sure = isNameOfFile(plain);
  if (!sure && !isStem(plain, name)) return null;
  return found(
    {
      rule: 'alt.filename',
      severity: sure ? 'error' : 'warning',
      wcag: ['1.1.1', 'F30'],
      also: ['wave:alt_suspicious', 'act:9eb3f6', 'dubbot:alt-file-name'],
    },
    `The text, “${plain}”, is the name of a file and not what the picture shows.`,
  );
};

function isNameOfFile(text: string): boolean {
  return (
    (withExtension.test(text) && !/[.!?]\s/.test(text)) ||
    ofMachine.test(text) ||
    (identifier.some((pattern) => pattern.test(text)) && !isYear(text)) ||
    joined.test(text) ||
    path.test(text)
  );
}

function isYear(text: string): boolean {
  return /^(?:1[89]|20)\d\d(?:\s?[-–]\s?(?:1[89]|20)?\d\d)?$/.test(text);
}

/** As it was put in by a program: a name with spaces was thought of by a person. */
function isStem(text: string, name: string | null): boolean {
  if (name === null || /\s/.test(text)) return false;
  const stem = name.replace(/\.[^.]*$/, '');
  return text === stem && /[-_\d]|^[^\p{Lu}]*$/u.test(text) && /[\p{L}\p{N}]/u.test(text);
}
