import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asDiskFull } from '#main/files/disk-full.ts';
import { asReadOnly } from '#main/files/read-only.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { Exiftool } from '../metadata/exiftool.ts';
import { allMarkTags, markNamespace } from '../metadata/machine-mark.ts';
import { withPlainName, withPlainTarget } from '../metadata/plain-name.ts';
import { wrongTag } from './check-written.ts';
import { fieldEdits, holdsTexts, type FieldEdit, type FileTags } from './field-edits.ts';
import type { WrittenTexts } from './written-text.ts';

const charsets = ['iptc=UTF8', 'exif=UTF8'].flatMap((charset) => ['-charset', charset]);
/** All that a file says, its picture by a hash. */
const wholeArgs = ['-a', '-e', '-G1', '-n', '-struct', ...charsets, '-ImageDataHash', '-all'];
/** IPTC texts, as base64 where they are no UTF-8. */
const iptcArgs = ['-a', '-G1', '-n', '-b', ...charsets, '-IPTC:all'];

const emptyXmp = `<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>
</x:xmpmeta>
<?xpacket end='w'?>
`;

export interface WriteOptions {
  /** Whether a machine's text is marked as one. */
  readonly mark: boolean;
}

/**
 * Writes texts into the metadata of copies of files: the files themselves are only read. Close the
 * writer, or the program does not end.
 */
export class MetadataWriter {
  readonly #folder: string;
  readonly #writer: Exiftool;
  /** What was written is read by a process that knows nothing of how it was. */
  readonly #reader = new Exiftool();

  private constructor(folder: string, config: string) {
    this.#folder = folder;
    this.#writer = new Exiftool({ startArgs: ['-config', config] });
  }

  static async open(): Promise<MetadataWriter> {
    const folder = await mkdtemp(join(tmpdir(), 'medley-'));
    const config = join(folder, 'medley.config');
    await writeFile(config, configText);
    await writeFile(join(folder, 'empty.xmp'), emptyXmp);
    return new MetadataWriter(folder, config);
  }

  /**
   * Writes a copy of a file that says these texts, and all else that the file says, and reads it again to
   * see that it does.
   *
   * @param source A photo, or a sidecar; null for a new sidecar.
   * @param target The copy; nothing may be there yet.
   * @throws MedleyError `file-unreadable` (it is damaged, so that something could be lost),
   *   `file-not-written`, `image-unsupported` (its format holds no texts), `disk-full`,
   *   `folder-read-only`
   */
  async write(
    source: string | null,
    target: string,
    texts: WrittenTexts,
    { mark }: WriteOptions,
  ): Promise<void> {
    const from = source ?? join(this.#folder, 'empty.xmp');
    const before = await this.#read(from);
    const fileType = requireWhole(from, before);
    const iptcIsUtf8 = await this.#iptcIsUtf8(from, before);
    const edits = fieldEdits(before, texts, { fileType, iptcIsUtf8, mark });
    try {
      await this.#copy(from, target, edits);
      const wrong = wrongTag(before, await this.#read(target), edits);
      if (wrong !== null) throw new Error(`its ${wrong} does not read back as it should`);
    } catch (error) {
      const known = asReadOnly(asDiskFull(error, from), dirname(target));
      if (known instanceof MedleyError) throw known;
      throw new MedleyError(
        'file-not-written',
        `${from} was left as it is, since exiftool cannot write it: ${messageOf(error)}.`,
        { subject: from, cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#reader.close()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #read(path: string): Promise<FileTags> {
    try {
      const tags = await withPlainName(path, (name) => this.#reader.read(name, wholeArgs));
      // Names without a group are of the answer, not of the file.
      return new Map(Object.entries(tags).filter(([name]) => name.includes(':')));
    } catch (cause) {
      throw new MedleyError('file-unreadable', `${path} cannot be read: ${messageOf(cause)}`, {
        subject: path,
        cause,
      });
    }
  }

  async #copy(from: string, target: string, edits: readonly FieldEdit[]): Promise<void> {
    const changes = edits.map(({ tag, value }) => `-${tag}=${escaped(value ?? '')}`);
    const copied = withPlainName(from, (source) =>
      withPlainTarget(target, (copy) =>
        this.#writer.run([
          ...['-charset', 'filename=utf8', ...charsets, '-E'],
          ...changes,
          ...['-o', copy, source],
        ]),
      ),
    );
    await copied.catch(async (error: unknown) => {
      await requireRoom(from, target);
      throw error;
    });
  }

  async #iptcIsUtf8(path: string, before: FileTags): Promise<boolean> {
    const isUtf8 = before.get('IPTC:CodedCharacterSet') === '\x1b%G';
    if (isUtf8 || ![...before.keys()].some((tag) => tag.startsWith('IPTC:'))) return true;
    if (before.has('IPTC:CodedCharacterSet')) return false;
    const texts = await withPlainName(path, (name) => this.#reader.read(name, iptcArgs));
    return !JSON.stringify(texts).includes('"base64:');
  }
}

/**
 * Why exiftool could not write, it does not say: whether a file could be written there at all.
 *
 * @throws Error what the file system says
 */
async function requireRoom(from: string, target: string): Promise<void> {
  try {
    await copyFile(from, target);
  } finally {
    await rm(target, { force: true });
  }
}

/**
 * The type of a file that was read whole.
 *
 * @throws MedleyError `file-unreadable`, `image-unsupported`
 */
function requireWhole(path: string, tags: FileTags): string {
  const fileType = String(tags.get('File:FileType') ?? '');
  const warning = String(tags.get('ExifTool:Warning') ?? '');
  const damage = /format error|unterminated|no closing/i.test(warning)
    ? warning
    : tags.get('ExifTool:Error');
  const isNoXmp = /\.xmp$/i.test(path) && fileType !== 'XMP';
  if (damage !== undefined || isNoXmp) {
    const reason = String(damage ?? 'it is not XMP');
    throw new MedleyError(
      'file-unreadable',
      `${path} is damaged, and was left as it is: ${reason}. Mend it, or move it away.`,
      { subject: path },
    );
  }
  if (holdsTexts(fileType)) return fileType;
  throw new MedleyError(
    'image-unsupported',
    `No texts can be written into ${path}, which is ${fileType || 'of an unknown kind'}. Write a sidecar beside it.`,
    { subject: path },
  );
}

/** As exiftool reads HTML: one line of ASCII. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 ]/gu, (each) => `&#${each.codePointAt(0)};`);
}

/** Tells exiftool of {@link markNamespace}; Perl, as its configuration files are. */
const { prefix, uri } = markNamespace;
const configText = `%Image::ExifTool::UserDefined::${prefix} = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-${prefix}', 2 => 'Image' },
  NAMESPACE => { '${prefix}' => '${uri}' },
  WRITABLE => 'string',
${allMarkTags.map((tag) => `  ${tag.split(':')[1]} => {},`).join('\n')}
);
%Image::ExifTool::UserDefined = (
  'Image::ExifTool::XMP::Main' => {
    ${prefix} => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::${prefix}' } },
  },
);
1;
`;
