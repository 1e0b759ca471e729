/**
 * What people call the photo, the best first: some files have both `image` and `image_id`, and
 * Karpathy's both `filepath`, a folder, and `filename`. Written as {@link plainName} makes them.
 */
const photoNames = [
  'filename',
  'image',
  'imagename',
  'imagefile',
  'imagefilename',
  'imagepath',
  'file',
  'filepath',
  'path',
  'img',
  'imgname',
  'imgpath',
  'photo',
  'photoname',
  'picture',
  'name',
  'imageid',
];
const captionNames = [
  'caption',
  'captions',
  'comment',
  'comments',
  'text',
  'texts',
  'sentence',
  'sentences',
  'raw',
  'description',
  'alttext',
];

/** Where columns or keys of these names have the photo, its captions and its split. */
export interface Places {
  readonly photo: number;
  /** Several where they are numbered, as `caption_1`, `caption_2`. */
  readonly captions: readonly number[];
  /** -1 where there is none. */
  readonly split: number;
}

/** Null where the names do not tell the photo or its captions. */
export function placesIn(names: readonly string[]): Places | null {
  const plain = names.map(plainName);
  const photo = photoNames.map((name) => plain.indexOf(name)).find((index) => index >= 0);
  const unnumbered = plain.map((name) => name.replace(/\d+$/, ''));
  const caption = captionNames.find((name) => unnumbered.includes(name));
  if (photo === undefined || caption === undefined) return null;
  const captions = [...unnumbered.keys()].filter((index) => unnumbered[index] === caption);
  return { photo, captions, split: plain.indexOf('split') };
}

function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
}
