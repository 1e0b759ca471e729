import { setMissing } from '#main/store/change-files.ts';
import type { Store } from '#main/store/store.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { contentId, importedFile, knownFile, newContent, fileFacts, pixelsId } from './rows.ts';

/** A file, and which of the first photos it derives from. */
interface PretendFile {
  readonly path: string;
  readonly content: number;
  readonly pixels: number;
  readonly original: number;
}

export type Operation =
  | {
      readonly kind: 'rename' | 'copy' | 'new under moved name';
      readonly file: number;
      readonly to: number;
    }
  | {
      readonly kind: 'edit metadata' | 'delete' | 'repaint' | 'new under deleted name';
      readonly file: number;
    }
  | { readonly kind: 'swap'; readonly file: number; readonly other: number }
  | { readonly kind: 'restore'; readonly deleted: number; readonly to: number }
  | { readonly kind: 'walk' };

const namesToUse = 7;

/**
 * A folder of photos that is not on any disk: what is done to its files, who each of them derives
 * from, and a walk that brings a library up to date with it.
 */
export class PretendFolder {
  readonly #store: Store;
  readonly #root: string;
  readonly #files = new Map<string, PretendFile>();
  readonly #deleted: PretendFile[] = [];
  readonly #originals: number[];
  readonly #atFirst: number;
  #next: number;
  #random: number;

  /** @param first The number of the first photo, and of all that come from it up to `first + 999`. */
  constructor(store: Store, root: string, first: number, photos: number, seed: number) {
    this.#store = store;
    this.#root = root;
    this.#random = seed;
    this.#atFirst = photos;
    this.#originals = Array.from({ length: photos }, (_, n) => first + n);
    this.#next = first + photos;
    for (const [i, n] of this.#originals.entries()) {
      this.#put({ path: this.#name(i), content: n, pixels: n, original: n });
    }
  }

  originals(): readonly number[] {
    return this.#originals;
  }

  /** Whether a photo was not there at first. */
  isNew(original: number): boolean {
    return this.#originals.indexOf(original) >= this.#atFirst;
  }

  filesOf(original: number): PretendFile[] {
    return [...this.#files.values()].filter((file) => file.original === original);
  }

  saidOf(content: number): string {
    // Every second edit leaves the caption as it was.
    return `said ${Math.floor(content / 2)}`;
  }

  async apply(operation: Operation): Promise<void> {
    if (operation.kind === 'walk') return await this.walk();
    if (operation.kind === 'restore') {
      const file = this.#deleted[operation.deleted % this.#deleted.length];
      const path = this.#free(operation.to);
      if (file !== undefined && path !== null) this.#put({ ...file, path });
      return;
    }
    const files = [...this.#files.values()];
    if (files.length === 0) return;
    const file = files[operation.file % files.length];
    switch (operation.kind) {
      case 'rename':
      case 'copy': {
        const path = this.#free(operation.to);
        if (path === null) return;
        if (operation.kind === 'rename') this.#files.delete(file.path);
        this.#put({ ...file, path });
        return;
      }
      case 'edit metadata':
        this.#put({ ...file, content: this.#next++ });
        return;
      case 'delete':
        this.#files.delete(file.path);
        this.#deleted.push(file);
        return;
      case 'swap': {
        const other = files[operation.other % files.length];
        this.#put({ ...file, path: other.path });
        this.#put({ ...other, path: file.path });
        return;
      }
      case 'new under moved name':
        await this.walk();
        await this.apply({ ...operation, kind: 'rename' });
        if (!this.#files.has(file.path)) this.#putNew(file.path);
        return await this.walk();
      case 'new under deleted name':
        this.#files.delete(file.path);
        await this.walk();
        this.#putNew(file.path);
        return await this.walk();
      case 'repaint':
        return await this.#repaint(file);
    }
  }

  /** Other pixels in the place of a photo's only file, seen before and after. */
  async #repaint(file: PretendFile): Promise<void> {
    await this.walk();
    if (this.filesOf(file.original).length === 1) {
      this.#put({ ...file, content: this.#next, pixels: this.#next });
      this.#next += 1;
    }
    await this.walk();
  }

  /** What walking the folder and importing what is new does, in an order of its own each time. */
  async walk(): Promise<void> {
    const { files } = this.#store.tables;
    const changed = (path: string) =>
      files.get(path)?.contentId !== contentId(this.#files.get(path)?.content ?? -1);
    const met = this.#shuffled([...this.#files.values()]).filter(({ path }) => changed(path));
    // Files under names that were another's come last.
    const known = ({ path }: PretendFile) => files.get(path) !== undefined;
    const inOrder = [...met.filter((each) => !known(each)), ...met.filter(known)];
    const backs = [...this.#files.keys()].flatMap((path) => {
      const row = files.get(path);
      return row === undefined || changed(path) || row.missing === null ? [] : row;
    });
    await setMissing(this.#store.tables, backs, null);
    while (inOrder.length > 0) {
      const batch = inOrder.splice(0, 1 + this.#number(3)).map((file) => this.#import(file));
      await this.#store.addImports(batch, changed);
    }
    const rows = [...files.all()].filter(({ path, root }) => {
      return root === this.#root && !this.#files.has(path);
    });
    await setMissing(this.#store.tables, rows, 'vanished');
  }

  #import({ path, content, pixels }: PretendFile): ImportedFile {
    const file = fileFacts(path, { root: this.#root });
    if (this.#store.tables.contents.get(contentId(content)) !== undefined) {
      return knownFile(file, contentId(content));
    }
    const read = newContent(content, { pixels: pixelsId(pixels) });
    return importedFile(file, read, { 'XMP-dc:Description': this.saidOf(content) });
  }

  #putNew(path: string): void {
    const n = this.#next++;
    this.#originals.push(n);
    this.#put({ path, content: n, pixels: n, original: n });
  }

  #put(file: PretendFile): void {
    this.#files.set(file.path, file);
  }

  #name(n: number): string {
    return `${this.#root}/${n % namesToUse}.jpg`;
  }

  #free(n: number): string | null {
    const path = this.#name(n);
    return this.#files.has(path) ? null : path;
  }

  #shuffled(files: PretendFile[]): PretendFile[] {
    return files
      .map((file) => ({ file, at: this.#number(1000) }))
      .sort((a, b) => a.at - b.at)
      .map(({ file }) => file);
  }

  /** One of 0 to `below` - 1; Lehmer's generator. */
  #number(below: number): number {
    this.#random = (this.#random * 48_271 + 1) % 2_147_483_647;
    return this.#random % below;
  }
}
