import { numberOf, textOf } from './field-values.ts';
import type { Said } from './said.ts';

const makeTags = ['IFD0:Make', 'XMP-tiff:Make'];
const modelTags = ['IFD0:Model', 'XMP-tiff:Model'];
const lensTags = ['ExifIFD:LensModel', 'XMP-exifEX:LensModel', 'XMP-aux:Lens'];
const exposureTags = {
  aperture: ['ExifIFD:FNumber', 'XMP-exif:FNumber'],
  time: ['ExifIFD:ExposureTime', 'XMP-exif:ExposureTime'],
  iso: ['ExifIFD:ISO', 'XMP-exif:ISO'],
  focal: ['ExifIFD:FocalLength', 'XMP-exif:FocalLength'],
};

/** The fields that are read here. */
export const cameraTags: readonly string[] = [
  makeTags,
  modelTags,
  lensTags,
  ...Object.values(exposureTags),
].flat();

/** Maker and model, the maker once: many models begin with it. */
export function cameraOf(places: readonly Said[]): string | null {
  const make = firstText(places, makeTags);
  const model = firstText(places, modelTags);
  if (make === null || model === null) return model ?? make;
  const maker = make.split(/\s/)[0].toLowerCase();
  return model.toLowerCase().startsWith(maker) ? model : `${make} ${model}`;
}

/** The names that the camera goes by, which are no captions. */
export function cameraNames(places: readonly Said[]): string[] {
  const names = [firstText(places, makeTags), firstText(places, modelTags), cameraOf(places)];
  return names.filter((name) => name !== null);
}

export function lensOf(places: readonly Said[]): string | null {
  return firstText(places, lensTags);
}

/** As `f/2.8 · 1/250 s · ISO 400 · 35 mm`, the parts that are known. */
export function exposureOf(places: readonly Said[]): string | null {
  const aperture = firstPositive(places, exposureTags.aperture);
  const time = firstPositive(places, exposureTags.time);
  const iso = firstPositive(places, exposureTags.iso);
  const focal = firstPositive(places, exposureTags.focal);
  const parts = [
    aperture === null ? [] : [`f/${rounded(aperture)}`],
    time === null ? [] : [`${time < 0.3 ? `1/${Math.round(1 / time)}` : rounded(time)} s`],
    iso === null ? [] : [`ISO ${iso}`],
    focal === null ? [] : [`${rounded(focal)} mm`],
  ].flat();
  return parts.length === 0 ? null : parts.join(' · ');
}

function firstText(places: readonly Said[], names: readonly string[]): string | null {
  return (
    places
      .flatMap(({ tags }) => names.map((name) => textOf(tags, name)))
      .find((text) => text !== null) ?? null
  );
}

function firstPositive(places: readonly Said[], names: readonly string[]): number | null {
  return (
    places
      .flatMap(({ tags }) => names.map((name) => numberOf(tags, name)))
      .find((number) => number !== null && number > 0) ?? null
  );
}

function rounded(number: number): string {
  return String(Number(number.toFixed(1)));
}
