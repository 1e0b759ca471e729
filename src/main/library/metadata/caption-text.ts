/** What cameras and scanners write into the description of every photo. */
const boilerplate = [
  /^(olympus|minolta|konica minolta|kodak|nikon|sanyo|casio|samsung|sony|pentax|ricoh|hp|benq|vivitar)?\s*digital (still )?camera$/i,
  /^sony dsc$/i,
  /^samsung$/i,
  /^default$/i,
  /^dcim.*$/i,
  /^dji_?\d+$/i,
  /^(dsc|dscf|dscn|img|pict|p)_?\d+(\.jpe?g)?$/i,
  /^exif_jpeg_picture$/i,
  /^screenshot$/i,
  /^untitled$/i,
  /^<?(image|picture|photo|file|description)>?$/i,
  /^[\s\d._-]*$/,
];

/** A caption with its white space tidied; null for boilerplate and for nothing. */
export function cleanCaption(text: string): string | null {
  const tidy = text.replace(/\s+/g, ' ').trim();
  if (tidy === '' || boilerplate.some((pattern) => pattern.test(tidy))) return null;
  return tidy;
}
