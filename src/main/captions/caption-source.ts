export interface CaptionSource {
  /** Absolute path of a file of captions, or of a folder of text files beside the photos. */
  readonly captions: string;
  /** Absolute path of the folder of photos. */
  readonly images: string;
  /**
   * Which part of a data set to take, "all" for every part. Left out, it is the usual one where the
   * file has a part of that name.
   */
  readonly split?: string | undefined;
  /** "test" unless told: what published scores are of. */
  readonly usualSplit?: string;
}
