/** Just enough of each maker's raw file to hold a preview: what exiftool needs to know the maker. */

type Value = number | string | Buffer | { readonly at: Buffer } | { readonly below: Field[] };
type Field = readonly [tag: number, value: Value];

interface TiffStart {
  readonly magic?: string;
  /** What a maker puts between the header and the first directory. */
  readonly between?: Buffer;
}

/** A TIFF file of one directory (TIFF 6.0, section 2), least significant byte first. */
export function tiff(
  fields: Field[],
  { magic = 'II*\0', between = Buffer.alloc(0) }: TiffStart = {},
) {
  const start = Buffer.alloc(8);
  start.write(magic, 'latin1');
  start.writeUInt32LE(8 + between.length, 4);
  return Buffer.concat([start, between, directory(fields, 8 + between.length)]);
}

/** A directory that lies at `offset`, with all that it points at behind it. */
function directory(fields: Field[], offset: number): Buffer {
  const table = Buffer.alloc(2 + fields.length * 12 + 4);
  table.writeUInt16LE(fields.length);
  const behind: Buffer[] = [];
  let end = offset + table.length;
  const place = (data: Buffer) => {
    const at = end;
    behind.push(data);
    end += data.length;
    return at;
  };
  [...fields]
    .sort(([a], [b]) => a - b)
    .forEach(([tag, value], i) => {
      const at = 2 + i * 12;
      const { type, count, word } = stored(value, place, () => end);
      table.writeUInt16LE(tag, at);
      table.writeUInt16LE(type, at + 2);
      table.writeUInt32LE(count, at + 4);
      table.writeUInt32LE(word, at + 8);
    });
  return Buffer.concat([table, ...behind]);
}

function stored(value: Value, place: (data: Buffer) => number, end: () => number) {
  if (typeof value === 'number') return { type: 4, count: 1, word: value };
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`, 'latin1');
    return { type: 2, count: text.length, word: text.length > 4 ? place(text) : word(text) };
  }
  if (Buffer.isBuffer(value)) {
    return { type: 7, count: value.length, word: value.length > 4 ? place(value) : word(value) };
  }
  if ('at' in value) return { type: 4, count: 1, word: place(value.at) };
  return { type: 4, count: 1, word: place(directory(value.below, end())) };
}

function word(bytes: Buffer): number {
  return Buffer.concat([bytes, Buffer.alloc(4)]).readUInt32LE();
}

const sensor: Field[] = [
  [256, 6000],
  [257, 4000],
  [259, 1],
  [262, 32_803],
];

function camera(make: string, model: string, orientation: number): Field[] {
  return [
    [271, make],
    [272, model],
    [274, orientation],
  ];
}

/** A preview where EXIF has its thumbnail (`JPEGInterchangeFormat`). */
function interchange(jpeg: Buffer): Field[] {
  return [
    [0x201, { at: jpeg }],
    [0x202, jpeg.length],
  ];
}

function box(kind: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** https://github.com/lclevy/canon_cr3 describes the boxes. */
function cr3(jpeg: Buffer, orientation: number): Buffer {
  const preview = Buffer.alloc(16);
  preview.writeUInt16BE(1, 4);
  preview.writeUInt16BE(1620, 6);
  preview.writeUInt16BE(1080, 8);
  preview.writeUInt16BE(1, 10);
  preview.writeUInt32BE(jpeg.length, 12);
  return Buffer.concat([
    box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')),
    box(
      'moov',
      box(
        'uuid',
        Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex'),
        box('CNCV', Buffer.from('CanonCR3_001/00.09.00/00.00.00', 'latin1')),
        box('CMT1', tiff(camera('Canon', 'Canon EOS R', orientation))),
      ),
    ),
    box(
      'uuid',
      Buffer.from('eaf42b5e1c984b88b9fbb7dc406e4d16', 'hex'),
      Buffer.from('0000000000000001', 'hex'),
      box('PRVW', preview, jpeg),
    ),
  ]);
}

/** The header of RAF, with the place of its JPEG; orientation is in that JPEG's own Exif. */
function raf(jpeg: Buffer): Buffer {
  const head = Buffer.alloc(160);
  head.write('FUJIFILMCCD-RAW 0201FF383501X-T1', 'latin1');
  head.write('0100', 0x3c, 'latin1');
  head.writeUInt32BE(head.length, 0x54);
  head.writeUInt32BE(jpeg.length, 0x58);
  return Buffer.concat([head, jpeg]);
}

/** Files by exiftool's name of their type, around a preview and with an orientation. */
export const rawFiles: Readonly<Record<string, (jpeg: Buffer, orientation: number) => Buffer>> = {
  CR2: (jpeg, orientation) =>
    tiff(
      [
        ...camera('Canon', 'Canon EOS 5D', orientation),
        [259, 6],
        [273, { at: jpeg }],
        [279, jpeg.length],
      ],
      { between: Buffer.from('CR\x02\0\0\0\0\0', 'latin1') },
    ),
  CR3: cr3,
  NEF: (jpeg, orientation) =>
    tiff([
      ...camera('NIKON CORPORATION', 'NIKON D750', orientation),
      [254, 1],
      [330, { below: [[254, 1], ...interchange(jpeg)] }],
    ]),
  NRW: (jpeg, orientation) =>
    tiff([...camera('NIKON CORPORATION', 'COOLPIX P7000', orientation), ...interchange(jpeg)]),
  ARW: (jpeg, orientation) =>
    tiff([
      ...camera('SONY', 'ILCE-7M3', orientation),
      [254, 1],
      [259, 6],
      ...interchange(jpeg),
      [330, { below: sensor }],
    ]),
  DNG: (jpeg, orientation) =>
    tiff([
      ...camera('Google', 'Pixel 4', orientation),
      [254, 1],
      [50_706, Buffer.from([1, 4, 0, 0])],
      [
        330,
        {
          below: [
            [254, 1],
            [259, 7],
            [262, 6],
            [273, { at: jpeg }],
            [279, jpeg.length],
          ],
        },
      ],
    ]),
  RAF: raf,
  ORF: (jpeg, orientation) =>
    tiff([...camera('OLYMPUS IMAGING CORP.', 'E-M1', orientation), ...interchange(jpeg)], {
      magic: 'IIRO',
    }),
  RW2: (jpeg, orientation) =>
    tiff([...camera('Panasonic', 'DMC-GX8', orientation), [0x2e, jpeg]], {
      magic: 'IIU\0',
      between: Buffer.from('88e774d8f8251d4d947a6e77822b5d6a', 'hex'),
    }),
  PEF: (jpeg, orientation) =>
    tiff([...camera('PENTAX', 'PENTAX K-1', orientation), ...interchange(jpeg)]),
  SRW: (jpeg, orientation) =>
    tiff([...camera('SAMSUNG', 'NX500', orientation), ...interchange(jpeg)]),
  '3FR': (jpeg, orientation) =>
    tiff([...camera('Hasselblad', 'Hasselblad X1D', orientation), ...interchange(jpeg)]),
  IIQ: (jpeg, orientation) =>
    tiff([...camera('Phase One', 'IQ180', orientation), ...interchange(jpeg)], {
      between: Buffer.from('IIIITwaR', 'latin1'),
    }),
};

/** A raw file whose sensor data is a JPEG as well, larger than its preview (DNG 1.4, lossy). */
export function lossyDng(preview: Buffer, sensorJpeg: Buffer): Buffer {
  return tiff([
    ...camera('Google', 'Pixel 4', 1),
    [50_706, Buffer.from([1, 4, 0, 0])],
    ...interchange(preview),
    [
      330,
      {
        below: [
          [256, 2000],
          [257, 1000],
          [259, 34_892],
          [262, 34_892],
          [324, { at: sensorJpeg }],
          [325, sensorJpeg.length],
        ],
      },
    ],
  ]);
}
