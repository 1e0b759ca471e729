import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import type { PhotoFileEntry } from '#shared/schemas/photos.ts';
import { rawFiles } from '../library/foreign/raw-files.ts';
import { makeJpeg } from './photo-folder.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const heicFolder = join(fixtures, 'foreign');
const sidecarFolder = join(fixtures, 'sidecars');
/** Colours in the middle of the quarters of a picture, by its file. */
const Pictures = z.record(z.string(), z.object({ quarters: z.array(z.array(z.number())) }));
const takeoutFolder = join(fixtures, 'metadata/takeout');

/** What a library should know of one photo of the folder. */
export interface ExpectedPhoto {
  /** Its files with what they are to it, below the folder; the picture itself comes first. */
  readonly files: readonly (readonly [path: string, role: PhotoFileEntry['role']])[];
  readonly taken: readonly [text: string, source: string] | null;
  readonly captions: readonly (readonly [text: string, field: string, file: string | null])[];
  readonly keywords: readonly string[];
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly notices: readonly RegExp[];
  /** The middle of each quarter as 0–255, where the picture is made of four; null for others. */
  readonly quarters: readonly (readonly number[])[] | null;
}

/** What a library should know of the folder. */
export interface ExpectedFolder {
  readonly photos: readonly ExpectedPhoto[];
  /** What each file is that no library shows, below the folder. */
  readonly unsupported: Readonly<Record<string, string>>;
}

type Known = Partial<Omit<ExpectedPhoto, 'files'>>;
type Companions = readonly (readonly [path: string, role: PhotoFileEntry['role']])[];

function expected(path: string, known: Known = {}, companions: Companions = []): ExpectedPhoto {
  return {
    files: [[path, 'photo'], ...companions],
    taken: null,
    captions: [],
    keywords: [],
    place: null,
    notices: [],
    quarters: null,
    ...known,
  };
}

/**
 * Fills an empty folder with a photo of every kind that people have: HEIC, raw photos of each maker,
 * a Google Takeout export, sidecars of three programs, pairs, partial dates, damage, wrong names, and
 * what is no photo.
 */
export async function makeEveryKindFolder(folder: string): Promise<ExpectedFolder> {
  let seed = 1;
  const put = async (path: string, bytes: Buffer | string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  const jpeg = () => makeJpeg(seed++, 480, 320);
  const raw = async (maker: string) => rawFiles[maker](await makeJpeg(seed++, 1620, 1080), 1);
  const photos = [
    ...(await putHeics(put)),
    ...(await putRaws(put, raw)),
    ...(await putTakeout(put, jpeg)),
    ...(await putSidecars(put, jpeg, raw)),
    ...(await putPairs(put, jpeg, raw)),
    ...(await putDates(put, jpeg)),
    ...(await putOdd(put, jpeg)),
  ];
  return { photos, unsupported: await putOthers(put) };
}

type Put = (path: string, bytes: Buffer | string) => Promise<void>;
type Make = () => Promise<Buffer>;

/** Kinds of HEIC whose pictures differ; two that show the same would be one photo. */
const heics = [
  'odd-size',
  'turned-90',
  'turned-180',
  'mirrored-left-right',
  'cropped',
  'tiled',
  'alpha',
  'burst',
  'thumbnail',
  '10-bit',
];

async function putHeics(put: Put): Promise<ExpectedPhoto[]> {
  const made: ExpectedPhoto[] = [];
  for (const kind of heics) made.push(await putHeic(put, kind, `HEIC/${kind}.heic`));
  const described = await putHeic(put, 'exif-and-turned', 'HEIC/exif-and-turned.heic');
  const captions = [['Four quarters', 'EXIF:ImageDescription', null]] as const;
  return [...made, { ...described, captions }];
}

async function putHeic(
  put: Put,
  kind: string,
  path: string,
  companions?: Companions,
): Promise<ExpectedPhoto> {
  await put(path, await readFile(join(heicFolder, `${kind}.heic`)));
  const told = Pictures.parse(
    JSON.parse(await readFile(join(heicFolder, 'expected.json'), 'utf8')),
  );
  // Transparency is laid on white.
  const quarters = told[`${kind}.heic`].quarters.map(([r, g, b, alpha = 255]) =>
    [r, g, b].map((value) => 255 + ((value - 255) * alpha) / 255),
  );
  return expected(path, { quarters }, companions);
}

const makers = ['CR2', 'CR3', 'NEF', 'ARW', 'DNG', 'RAF', 'ORF', 'RW2'];

/** Each named by its time, as phones and programs name them. */
async function putRaws(
  put: Put,
  raw: (maker: string) => Promise<Buffer>,
): Promise<ExpectedPhoto[]> {
  const made: ExpectedPhoto[] = [];
  for (const [at, maker] of makers.entries()) {
    const path = `RAW/20200504_10000${at}.${maker}`;
    await put(path, await raw(maker));
    made.push(expected(path, { taken: [`2020-05-04T10:00:0${at}`, 'FileName'] }));
  }
  return made;
}

const album = 'Takeout/Google Photos/Photos from 2016';

/** Every way in which Google names the texts of photos; the texts are those of the fixtures. */
async function putTakeout(put: Put, jpeg: Make): Promise<ExpectedPhoto[]> {
  const long = '123456789123456789123456789123456789_DSCN01.jpg';
  const cut = 'Screenshot of the map that we took along.jpg';
  const exported: [photo: string, text: string, caption: string][] = [
    ['IMG_0001.jpg', 'IMG_0001.jpg.json', 'Rowing on the lake'],
    ['IMG_0002.jpg', 'IMG_0002.jpg.supplemental-metadata.json', 'Cake for tea'],
    ['IMG_0003(1).jpg', 'IMG_0003.jpg.supplemental-metadata(1).json', 'Second of the same name'],
    ['IMG_0004.jpg', 'IMG_0004.jpg.supplemental-metadata.json', 'Edited one'],
    ['IMG_0004-edited.jpg', 'IMG_0004.jpg.supplemental-metadata.json', 'Edited one'],
    [long, `${long}.json`, 'Long name'],
  ];
  const texts = (await readdir(takeoutFolder)).filter((name) => name.endsWith('.json'));
  for (const text of texts) await put(join(album, text), await readFile(join(takeoutFolder, text)));
  // 51 characters is the most that Google gives a name.
  const cutText = `${cut}.supplemental-metadata`.slice(0, 46) + '.json';
  await put(join(album, cutText), takeoutText(cut, 'The way there'));
  const made: ExpectedPhoto[] = [];
  for (const [photo, text, caption] of [...exported, [cut, cutText, 'The way there'] as const]) {
    await put(join(album, photo), await jpeg());
    made.push(
      expected(
        join(album, photo),
        {
          taken: ['2016-05-18T10:00:00', 'Takeout:photoTakenTime'],
          captions: [[caption, 'Takeout:description', text]],
          place: { latitude: 47.5, longitude: 8.5 },
        },
        [[join(album, text), 'takeout']],
      ),
    );
  }
  return made;
}

/** What Google Takeout writes of a photo. */
function takeoutText(title: string, description: string): string {
  return JSON.stringify({
    title,
    description,
    creationTime: { timestamp: '1500000000', formatted: '14 Jul 2017' },
    photoTakenTime: { timestamp: '1463565600', formatted: '18 May 2016, 10:00:00 UTC' },
    geoData: { latitude: 47.5, longitude: 8.5, altitude: 0, latitudeSpan: 0, longitudeSpan: 0 },
  });
}

/** `a.jpg.xmp` of digiKam, `A.XMP` of Lightroom beside a raw photo, `a.cr2.xmp` of darktable. */
async function putSidecars(
  put: Put,
  jpeg: Make,
  raw: (maker: string) => Promise<Buffer>,
): Promise<ExpectedPhoto[]> {
  const sidecar = (program: string) => readFile(join(sidecarFolder, `${program}.xmp`));
  await put('Sidecars/heron.jpg', await jpeg());
  await put('Sidecars/heron.jpg.xmp', await sidecar('digikam'));
  await put('Sidecars/LIGHTROOM.NEF', await raw('NEF'));
  await put('Sidecars/LIGHTROOM.XMP', await sidecar('lightroom'));
  await put('Sidecars/DSC_0042.CR2', await raw('CR2'));
  await put('Sidecars/DSC_0042.CR2.xmp', await sidecar('darktable'));
  return [
    expected(
      'Sidecars/heron.jpg',
      {
        taken: ['2016-07-02T18:20:05', 'XMP-exif:DateTimeOriginal'],
        captions: [['A heron waits in the reeds', 'XMP-dc:Description', 'heron.jpg.xmp']],
        keywords: ['Heron', 'Lake'],
      },
      [['Sidecars/heron.jpg.xmp', 'sidecar']],
    ),
    expected(
      'Sidecars/LIGHTROOM.NEF',
      {
        taken: ['2019-10-12T07:45:30', 'XMP-exif:DateTimeOriginal'],
        captions: [
          ['Fresh snow above the tree line', 'XMP-dc:Description', 'LIGHTROOM.XMP'],
          ['First snow', 'XMP-dc:Title', 'LIGHTROOM.XMP'],
        ],
        keywords: ['Alps', 'snow'],
        place: { latitude: 46.51, longitude: 7.705 },
      },
      [['Sidecars/LIGHTROOM.XMP', 'sidecar']],
    ),
    expected(
      'Sidecars/DSC_0042.CR2',
      {
        taken: ['2018-05-20T21:10:00', 'XMP-exif:DateTimeOriginal'],
        captions: [['Evening light on the harbour', 'XMP-dc:Description', 'DSC_0042.CR2.xmp']],
        keywords: ['harbour'],
        place: { latitude: 60.3925, longitude: 5.323 },
      },
      [['Sidecars/DSC_0042.CR2.xmp', 'sidecar']],
    ),
  ];
}

/** A raw photo with its JPEG, and a still with its film. */
async function putPairs(
  put: Put,
  jpeg: Make,
  raw: (maker: string) => Promise<Buffer>,
): Promise<ExpectedPhoto[]> {
  const exif = { IFD2: { DateTimeOriginal: '2021:08:09 12:13:14' } };
  await put(
    'Pairs/IMG_7001.JPG',
    await sharp(await jpeg())
      .withExif(exif)
      .jpeg()
      .toBuffer(),
  );
  await put('Pairs/IMG_7001.CR3', await raw('CR3'));
  const film7002 = 'Pairs/IMG_7002.MOV';
  await put(film7002, film);
  return [
    expected('Pairs/IMG_7001.JPG', { taken: ['2021-08-09T12:13:14', 'ExifIFD:DateTimeOriginal'] }, [
      ['Pairs/IMG_7001.CR3', 'raw'],
    ]),
    await putHeic(put, 'mirrored-top-bottom', 'Pairs/IMG_7002.HEIC', [[film7002, 'film']]),
  ];
}

/** Dates of which only a part is known. */
async function putDates(put: Put, jpeg: Make): Promise<ExpectedPhoto[]> {
  const dated = async (date: string) => {
    const path = `Scans/${date}.jpg`;
    await put(
      path,
      await sharp(await jpeg())
        .withXmp(dateXmp(date))
        .jpeg()
        .toBuffer(),
    );
    return expected(path, { taken: [date, 'XMP-photoshop:DateCreated'] });
  };
  const made: ExpectedPhoto[] = [];
  for (const date of ['1978', '1978-05', '1978-05-06']) made.push(await dated(date));
  await put('Scans/attic.jpg', await jpeg());
  return [...made, expected('Scans/attic.jpg')];
}

function dateXmp(date: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:DateCreated="${date}"/></rdf:RDF></x:xmpmeta>`;
}

/** A JPEG that is called HEIC, one without an ending, and one that is cut off. */
async function putOdd(put: Put, jpeg: Make): Promise<ExpectedPhoto[]> {
  const whole = await jpeg();
  await put('Odd/IMG_2020.HEIC', await jpeg());
  await put('Odd/noextension', await jpeg());
  await put('Odd/cut.jpg', whole.subarray(0, Math.floor(whole.length * 0.7)));
  return [
    expected('Odd/IMG_2020.HEIC'),
    expected('Odd/noextension'),
    expected('Odd/cut.jpg', {
      notices: [/^The file is damaged: about \d+\s% of the picture is missing\.$/],
    }),
  ];
}

/** The beginning of a film, by which it is known (ISO/IEC 14496-12). */
export const film = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypmp42\0\0\0\0mp42isom'),
]);
export const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
/** The beginning of a Photoshop document. */
export const layers = Buffer.concat([Buffer.from('8BPS\0\x01'), Buffer.alloc(30)]);

async function putOthers(put: Put): Promise<ExpectedFolder['unsupported']> {
  await put('Other/first steps.mp4', film);
  await put('Other/birthday.mp4', film);
  await put('Other/logo.svg', drawing);
  await put('Other/layers.psd', layers);
  await put('Other/notes.txt', 'Dear diary');
  return {
    'Other/birthday.mp4': 'video',
    'Other/first steps.mp4': 'video',
    'Other/layers.psd': 'psd',
    'Other/logo.svg': 'svg',
  };
}
