import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import { cameraTags } from '#main/library/metadata/camera.ts';
import { captionTags } from '#main/library/metadata/captions.ts';
import { timeTags } from '#main/library/metadata/capture-time.ts';
import { keywordTags } from '#main/library/metadata/keywords.ts';
import { placeTags } from '#main/library/metadata/place.ts';

const takeoutTags = [
  'title',
  'photoTakenTime',
  'description',
  'geoData',
  'geoDataExif',
  'people',
].map((name) => `Takeout:${name}`);
const fields = [cameraTags, captionTags, timeTags, keywordTags, placeTags, takeoutTags].flat();
const bytes = fc.uint8Array({ maxLength: 40 });
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  bytes.map((given) => `base64:${Buffer.from(given).toString('base64')}`),
  fc.stringMatching(/^[0-9:\-/ T.Z+]{0,24}$/),
);
const value = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.array(fc.oneof(text, fc.double(), fc.anything()), { maxLength: 4 }),
);
const tags = fc.dictionary(
  fc.constantFrom(...fields.map((field) => field.replace('*', 'x-default'))),
  value,
  { maxKeys: 12 },
);
const said = fc.array(
  fc.record({
    source: fc.constantFrom('embedded', 'sidecar', 'text', 'takeout'),
    path: fc.constantFrom(null, '/photos/a.xmp'),
    tags,
  }),
  { maxLength: 3 },
);

test('whatever fields hold, they are understood or left out', () => {
  fc.assert(
    fc.property(said, text, (places, name) => {
      const { taken, location, captions } = parseMetadata(places, `/photos/${name}`);
      if (taken !== null) expect(taken.text).toMatch(/^\d{4}(-\d\d){0,2}(T\d\d:\d\d:\d\d)?$/);
      if (taken !== null) expect(Number.isFinite(taken.seconds)).toBe(true);
      if (location !== null) {
        expect(Math.abs(location.latitude)).toBeLessThanOrEqual(90);
        expect(Math.abs(location.longitude)).toBeLessThanOrEqual(180);
      }
      for (const caption of captions) expect(caption.text.trim()).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});
