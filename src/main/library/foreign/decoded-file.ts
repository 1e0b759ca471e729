/** What a decoder makes of a file: a picture that libvips reads. */
export interface DecodedFile {
  /** A TIFF or PNG file, upright, with its colour profile; alone in its memory, so that it can move. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What a person should know of how the picture is shown, in plain sentences. */
  readonly notices: readonly string[];
}
