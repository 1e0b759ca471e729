/** What Medley reads, and a word for it. */
export const formatWords = {
  jpeg: 'a JPEG picture',
  png: 'a PNG picture',
  webp: 'a WebP picture',
  avif: 'an AVIF picture',
  tiff: 'a TIFF picture',
  gif: 'a GIF picture',
  heic: 'a HEIC picture',
  jxl: 'a JPEG XL picture',
  bmp: 'a BMP picture',
  raw: 'a raw photo',
} as const;

export type ImageFormat = keyof typeof formatWords;

export function isImageFormat(kind: string): kind is ImageFormat {
  return Object.hasOwn(formatWords, kind);
}

/** What people keep among their photos and Medley does not read, and a word for it. */
export const unsupportedWords = {
  video: 'a video',
  audio: 'a sound recording',
  svg: 'an SVG drawing',
  eps: 'a PostScript drawing',
  pdf: 'a PDF document',
  psd: 'a Photoshop document',
  xcf: 'a GIMP document',
  exr: 'an OpenEXR picture',
  hdr: 'a Radiance HDR picture',
  jp2: 'a JPEG 2000 picture',
  jxr: 'a JPEG XR picture',
  pnm: 'a Netpbm picture',
  qoi: 'a QOI picture',
  tga: 'a Targa picture',
  ico: 'an icon',
  dds: 'a DirectDraw texture',
  djvu: 'a DjVu document',
  crw: 'a Canon CRW raw photo',
  mrw: 'a Minolta MRW raw photo',
  x3f: 'a Sigma X3F raw photo',
} as const;

export type UnsupportedKind = keyof typeof unsupportedWords;

/** What a file is. */
export type PictureKind =
  { readonly supported: ImageFormat } | { readonly unsupported: UnsupportedKind };

const extensionsOfFormat: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'jpg jpeg jpe jfif jif mpo',
  png: 'png apng',
  webp: 'webp',
  avif: 'avif avifs',
  tiff: 'tif tiff',
  gif: 'gif',
  heic: 'heic heif hif heics heifs',
  jxl: 'jxl',
  bmp: 'bmp dib',
  raw: '3fr arw cr2 cr3 dcr dng erf fff iiq k25 kdc mef mos nef nrw orf pef raf rw2 rwl sr2 srf srw',
};
const extensionsOfUnsupported: Readonly<Record<UnsupportedKind, string>> = {
  video:
    '3g2 3gp asf avi divx dv f4v flv insv lrv m1v m2ts m2v m4v mkv mod modd mov mp4 mpe mpeg mpg mpv mts ogm ogv rm rmvb tod ts vob webm wmv',
  audio: 'aac ac3 aif aiff amr ape flac m4a m4b mid mka mp3 oga ogg opus wav wma',
  svg: 'svg svgz',
  eps: 'eps ps',
  pdf: 'ai pdf',
  psd: 'psb psd',
  xcf: 'xcf',
  exr: 'exr',
  hdr: 'hdr rgbe',
  jp2: 'j2c j2k jp2 jpc jpf jpm jpx',
  jxr: 'hdp jxr wdp',
  pnm: 'pam pbm pgm pnm ppm',
  qoi: 'qoi',
  tga: 'tga',
  ico: 'cur ico',
  dds: 'dds',
  djvu: 'djv djvu',
  crw: 'crw',
  mrw: 'mrw',
  x3f: 'x3f',
};

const kinds: ReadonlyMap<string, PictureKind> = new Map([
  ...byExtension(extensionsOfFormat, (supported) => ({ supported })),
  ...byExtension(extensionsOfUnsupported, (unsupported) => ({ unsupported })),
]);

function byExtension<Name extends string>(
  extensions: Readonly<Record<Name, string>>,
  kindOf: (name: Name) => PictureKind,
): [string, PictureKind][] {
  return Object.keys(extensions)
    .filter((name): name is Name => name in extensions)
    .flatMap((name) =>
      extensions[name].split(' ').map((ext): [string, PictureKind] => [`.${ext}`, kindOf(name)]),
    );
}

/** What a file's name says that it is; null where it says nothing. */
export function kindOfName(name: string): PictureKind | null {
  const extension = /[^/\\](\.[^./\\]+)$/.exec(name)?.[1];
  return kinds.get(extension?.toLowerCase() ?? '') ?? null;
}

/** Whether a file's name says that it is a picture Medley reads. */
export function hasPictureName(name: string): boolean {
  const kind = kindOfName(name);
  return kind !== null && 'supported' in kind;
}

/** What a file is, in a word for a person. */
export function kindWord(kind: PictureKind): string {
  return 'supported' in kind ? formatWords[kind.supported] : unsupportedWords[kind.unsupported];
}
