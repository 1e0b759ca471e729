/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

/** Numbers of 32 bits. */
export function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
}

/** Numbers of 16 bits. */
export function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeUInt16BE(value, i * 2));
  return bytes;
}

const bytesOf = (...values: readonly number[]) => Buffer.from(values);
const text = (value: string) => Buffer.from(value, 'latin1');

/** A picture coded in HEVC. */
export interface CodedPicture {
  /** The whole `hvcC` box. */
  readonly hvcC: Buffer;
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** The picture of a file that holds nothing else. */
export function codedPicture(file: Buffer): CodedPicture {
  const contentOf = (type: string) => {
    const at = file.indexOf(type, 0, 'latin1') - 4;
    return file.subarray(at, at + file.readUInt32BE(at));
  };
  const [width, height] = [12, 16].map((at) => contentOf('ispe').readUInt32BE(at));
  return { hvcC: contentOf('hvcC'), data: contentOf('mdat').subarray(8), width, height };
}

/** A HEIC file of one picture with these transformations (ISO/IEC 23008-12). */
export function heicFile(
  { hvcC, data, width, height }: CodedPicture,
  transformations: readonly Buffer[],
): Buffer {
  const ftyp = box('ftyp', text('mif1'), longs(0), text('mif1heic'));
  const properties = [hvcC, box('ispe', longs(0, width, height)), ...transformations];
  const meta = (dataAt: number) =>
    box(
      'meta',
      longs(0),
      box('hdlr', longs(0, 0), text('pict'), Buffer.alloc(13)),
      box('pitm', longs(0), shorts(1)),
      box('iloc', longs(0), shorts(0x4400, 1, 1, 0, 1), longs(dataAt, data.length)),
      box('iinf', longs(0), shorts(1), box('infe', longs(0x2000000), shorts(1, 0), text('hvc1\0'))),
      box(
        'iprp',
        box('ipco', ...properties),
        box(
          'ipma',
          longs(0, 1),
          shorts(1),
          bytesOf(properties.length, ...properties.map((_, i) => 0x80 + i + 1)),
        ),
      ),
    );
  const mdat = box('mdat', data);
  const before = ftyp.length + meta(0).length + 8;
  return Buffer.concat([ftyp, meta(before), mdat]);
}

/** A HEIC file of a sequence of one frame, without a still. */
export function heicSequence({ hvcC, data, width, height }: CodedPicture): Buffer {
  const ftyp = box('ftyp', text('msf1'), longs(0), text('msf1hevc'));
  const matrix = longs(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const sampleEntry = box(
    'hvc1',
    Buffer.alloc(6),
    shorts(1, 0, 0),
    longs(0, 0, 0),
    shorts(width, height),
    longs(0x480000, 0x480000, 0),
    shorts(1),
    Buffer.alloc(32),
    shorts(24, 0xffff),
    hvcC,
    box('ccst', longs(0, 0)),
  );
  const moov = (dataAt: number) =>
    box(
      'moov',
      box(
        'mvhd',
        longs(0, 0, 0, 1, 1, 0x10000, 0x1000000, 0, 0),
        matrix,
        Buffer.alloc(24),
        longs(2),
      ),
      box(
        'trak',
        box(
          'tkhd',
          longs(3, 0, 0, 1, 0, 1, 0, 0, 0, 0),
          matrix,
          longs(width * 0x10000, height * 0x10000),
        ),
        box(
          'mdia',
          box('mdhd', longs(0, 0, 0, 1, 1, 0)),
          box('hdlr', longs(0, 0), text('pict'), Buffer.alloc(13)),
          box(
            'minf',
            box('vmhd', longs(1, 0, 0)),
            box('dinf', box('dref', longs(0, 1), box('url ', longs(1)))),
            box(
              'stbl',
              box('stsd', longs(0, 1), sampleEntry),
              box('stts', longs(0, 1, 1, 1)),
              box('stsc', longs(0, 1, 1, 1, 1)),
              box('stsz', longs(0, 0, 1, data.length)),
              box('stco', longs(0, 1, dataAt)),
              box('stss', longs(0, 1, 1)),
            ),
          ),
        ),
      ),
    );
  const before = ftyp.length + moov(0).length + 8;
  return Buffer.concat([ftyp, moov(before), box('mdat', data)]);
}
