import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { ExifTool } from 'exiftool-vendored';
import { messageOf } from '#shared/errors.ts';

/** Only what is used is asked for. Text without a declared charset is read as Latin, losslessly. */
const readArgs = [
  '-G1',
  '-n',
  '-fast',
  ...['iptc=Latin', 'exif=Latin'].flatMap((charset) => ['-charset', charset]),
  '-ExifIFD:DateTimeOriginal',
  '-ExifIFD:CreateDate',
  '-XMP-exif:DateTimeOriginal',
  '-XMP-photoshop:DateCreated',
  '-XMP-xmp:CreateDate',
  '-IPTC:DateCreated',
  '-IPTC:TimeCreated',
  '-IFD0:Make',
  '-IFD0:Model',
  '-ExifIFD:LensModel',
  '-XMP-aux:Lens',
  '-ExifIFD:FNumber',
  '-ExifIFD:ExposureTime',
  '-ExifIFD:ISO',
  '-ExifIFD:FocalLength',
  '-Composite:GPSLatitude',
  '-Composite:GPSLongitude',
  '-XMP-dc:Subject',
  '-IPTC:Keywords',
  '-XMP-dc:Description',
  '-IPTC:Caption-Abstract',
  '-IFD0:ImageDescription',
  '-XMP-iptcCore:AltTextAccessibility',
];

/**
 * Reads the metadata of photos through one exiftool process that is kept running. Close it, or
 * the program does not end.
 */
export class MetadataReader {
  readonly #exiftool = new ExifTool({
    maxProcs: 1,
    maxTasksPerProcess: 5000,
    taskTimeoutMillis: 20_000,
    taskRetries: 1,
    useMWG: false,
    geolocation: false,
  });
  #problem: Promise<string | null> | undefined;

  /** Why no metadata can be read on this machine (as where Perl is missing); null when it can. */
  async problem(): Promise<string | null> {
    this.#problem ??= this.#exiftool.version().then(
      () => null,
      (error: unknown) =>
        `Capture times and captions in photos cannot be read: ${messageOf(error)}`,
    );
    return await this.#problem;
  }

  /**
   * What the file says of itself, by exiftool's names; nothing where it is unreadable or exiftool
   * fails on it, since a picture is worth having without. Null where exiftool cannot be had.
   */
  async read(path: string): Promise<object | null> {
    if ((await this.problem()) !== null) return null;
    try {
      return await this.#readTags(path);
    } catch {
      return {};
    }
  }

  async close(): Promise<void> {
    await this.#exiftool.end();
  }

  /** exiftool takes one argument a line, so a name with a line break goes by another name. */
  async #readTags(path: string): Promise<object> {
    if (!/[\u0000-\u001f\u007f]/.test(path))
      return await this.#exiftool.readRaw(path, { readArgs });
    const folder = await mkdtemp(join(tmpdir(), 'medley-'));
    try {
      const link = join(folder, `photo${extname(path)}`);
      await symlink(path, link);
      return await this.#exiftool.readRaw(link, { readArgs });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
