import type { Taken } from '#shared/schemas/photos.ts';

/** Where the date of a photo comes from, for somebody who never heard of its field. */
export function takenSourceWords({ source }: Pick<Taken, 'source'>): string {
  const [group, tag = ''] = source.split(':');
  if (group === 'FileName') return 'from the file name';
  if (group === 'Takeout') return 'from Google Takeout';
  // Where an older Medley read it, the field is not known.
  if (tag === '') return 'from the file';
  return `${originOf(group, tag)} (${fieldWords(group, tag)})`;
}

/** Who wrote it, as far as the field tells. */
function originOf(group: string, tag: string): string {
  if (tag.startsWith('GPS')) return 'from the GPS receiver';
  if (tag === 'DateTimeOriginal') return 'from the camera';
  if (/^(ModifyDate|DateTime)$/.test(tag)) return 'when the picture was last changed';
  if (/^(CreateDate|DateTimeDigitized|DigitalCreationDate)$/.test(tag)) {
    return 'when the picture was digitised';
  }
  return group.startsWith('IPTC') || group.startsWith('XMP')
    ? 'as an image editor or archive wrote it'
    : 'from the file';
}

/** The directories of EXIF as exiftool calls them, which people know by the name of the whole. */
const exifDirectories = /^(EXIF|IFD\d|ExifIFD|SubIFD\d*)$/;

function fieldWords(group: string, tag: string): string {
  return `${exifDirectories.test(group) ? 'EXIF' : group} ${tag}`;
}
