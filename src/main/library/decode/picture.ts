import type { Sharp } from 'sharp';
import type { ImageFormat } from '../image-format.ts';

/** How colours are wanted: as the file stores them, or as a person sees them, in sRGB. */
export type Colours = 'stored' | 'shown';

/** A picture whose pixels are not decoded yet, whatever its file is. */
export interface Picture {
  /** How messages call the file. */
  readonly name: string;
  readonly format: ImageFormat;
  /** Pixels, after orientation. */
  readonly width: number;
  readonly height: number;
  /** `cmyk` and others as libvips names them. */
  readonly space: string;
  /** Whether the stored values look right only through a colour profile. */
  readonly profiled: boolean;
  /** What a person should know of how it is shown, in plain sentences. */
  readonly notices: readonly string[];
  /** Whether a browser that is handed the file shows the same, where it knows the format at all. */
  readonly shownAsIs: boolean;
  /** A pipeline over its upright pixels. Each call decodes anew. */
  readonly pipeline: (colours: Colours) => Sharp;
}
