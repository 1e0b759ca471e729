/** What a file must hash to. A hub knows large files by SHA-256, small ones by their git object. */
export interface Digest {
  readonly kind: 'sha256' | 'git-blob';
  /** Hexadecimal, lower case. */
  readonly hex: string;
}

/** A file to fetch. */
export interface RemoteFile {
  /** File name inside the model's folder. */
  readonly name: string;
  readonly url: URL;
  /** Bytes; null where the server does not tell before it sends. */
  readonly size: number | null;
  /** Null where nobody published one. */
  readonly digest: Digest | null;
}

/** What makes up a model, and where it comes from. */
export interface RemoteModel {
  /** Id on the hub, or the address of a file. */
  readonly origin: string;
  /** What people call it. */
  readonly name: string;
  /** Name of the folder it is kept in, unique to the origin. */
  readonly folderName: string;
  /** The commit that the files belong to; null for a file that has none. */
  readonly revision: string | null;
  readonly files: readonly RemoteFile[];
}
