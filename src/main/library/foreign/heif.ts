import { MedleyError } from '#shared/errors.ts';
import type { DecodedFile } from './decoded-file.ts';
import { cropOf, withoutCrop, type HeifCrop, type Part } from './heif-crop.ts';
import { HeifError, heifPointer, type HeifLibrary } from './heif-library.ts';
import { pixelFile, type PixelFile } from './pixel-file.ts';
import { checkPixels, MAX_PIXELS } from '../decode/pixel-limit.ts';

/** Constants of `heif_error.h`, `heif_image.h` and `heif_color.h`. */
const unsupportedFiletype = 3;
const unsupportedFeature = 4;
const memoryAllocation = 6;
const decoderPlugin = 7;
const pluginLoading = 11;
const colourRgb = 1;
const chromaRgb = 10;
const chromaRgba = 11;
const channelInterleaved = 10;
/** Place of `max_image_size_pixels`, 64 bits, in `heif_security_limits`. */
const maxPixelsAt = 8;
/** Place of `transfer_characteristics` in `heif_color_profile_nclx`, after version and primaries. */
const transferAt = 8;
/** PQ and HLG (ITU-T H.273, table 3). */
const brightTransfers = [16, 18];

/**
 * Decodes the primary picture of a HEIC or HEIF file: of a burst the one that stands for it, of a
 * sequence without a still its first frame, and never a thumbnail, a depth map or a gain map. Turning, mirroring and cropping that the container
 * asks for (`irot`, `imir`, `clap`) are applied; the orientation in its Exif says the same for other
 * readers, and is not applied again (ISO/IEC 23008-12, section 6.5.10 and annex A.2). 10 and 12 bits
 * become 8.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 * @throws Error where libheif itself broke; then its instance is not to be used again.
 */
export function decodeHeif(library: HeifLibrary, bytes: Uint8Array, name: string): DecodedFile {
  try {
    const crop = withContext(library, bytes, (context) => primaryCrop(library, context, name));
    // libheif takes the size that a crop leaves for a limit of what is coded.
    const file = crop === null ? bytes : withoutCrop(bytes, crop);
    return withContext(library, file, (context) =>
      isSequenceAlone(library, context)
        ? decodeFirstFrame(library, context)
        : decodePrimary(library, context, name, crop?.part),
    );
  } catch (error) {
    throw error instanceof HeifError ? explained(error, name) : error;
  }
}

/** @throws HeifError */
function withContext<T>(library: HeifLibrary, bytes: Uint8Array, use: (context: number) => T): T {
  const context = library._heif_context_alloc();
  const file = library._malloc(bytes.length);
  try {
    if (file === 0) throw new HeifError(memoryAllocation, 'out of memory');
    library.HEAPU8.set(bytes, file);
    const limits = library._heif_context_get_security_limits(context);
    library.HEAPU32.set([MAX_PIXELS, 0], (limits + maxPixelsAt) / 4);
    heifPointer(library, (error) =>
      library._heif_context_read_from_memory_without_copy(error, context, file, bytes.length, 0),
    );
    return use(context);
  } finally {
    library._heif_context_free(context);
    library._free(file);
  }
}

function isSequenceAlone(library: HeifLibrary, context: number): boolean {
  return (
    library._heif_context_get_number_of_top_level_images(context) === 0 &&
    library._heif_context_has_sequence(context) !== 0
  );
}

/**
 * @throws HeifError where there is no primary picture
 * @throws MedleyError `image-too-large`
 */
function primaryCrop(library: HeifLibrary, context: number, name: string): HeifCrop | null {
  if (isSequenceAlone(library, context)) return null;
  return withPrimary(library, context, (handle) => {
    // What is coded may be larger than what a crop leaves of it.
    const coded = {
      width: library._heif_image_handle_get_ispe_width(handle),
      height: library._heif_image_handle_get_ispe_height(handle),
    };
    checkPixels(coded.width, coded.height, name);
    return cropOf(library, context, library._heif_image_handle_get_item_id(handle), coded);
  });
}

/** @throws HeifError */
function withPrimary<T>(library: HeifLibrary, context: number, use: (handle: number) => T): T {
  const handle = heifPointer(library, (error, result) =>
    library._heif_context_get_primary_image_handle(error, context, result),
  );
  try {
    return use(handle);
  } finally {
    library._heif_image_handle_release(handle);
  }
}

/** @param part What is shown of it; left out, all. */
function decodePrimary(
  library: HeifLibrary,
  context: number,
  name: string,
  part?: Part,
): DecodedFile {
  return withPrimary(library, context, (handle) => {
    checkPixels(
      library._heif_image_handle_get_width(handle),
      library._heif_image_handle_get_height(handle),
      name,
    );
    const channels = library._heif_image_handle_has_alpha_channel(handle) === 0 ? 3 : 4;
    const image = heifPointer(library, (error, result) =>
      library._heif_decode_image(
        error,
        handle,
        result,
        colourRgb,
        channels === 3 ? chromaRgb : chromaRgba,
        0,
      ),
    );
    try {
      const icc = profileOf(library, handle);
      return {
        bytes: pixelsOf(library, image, channels, icc, part).bytes,
        notices: isHighDynamicRange(library, handle)
          ? ['Its high dynamic range is shown without tone mapping, so its colours look flat.']
          : [],
      };
    } finally {
      library._heif_image_release(image);
    }
  });
}

/** @throws HeifError where there is no track of pictures, or its first frame is broken */
function decodeFirstFrame(library: HeifLibrary, context: number): DecodedFile {
  const track = library._heif_context_get_track(context, 0);
  if (track === 0) throw new HeifError(unsupportedFeature, 'a sequence without pictures');
  try {
    const channels = library._heif_track_has_alpha_channel(track) === 0 ? 3 : 4;
    const image = heifPointer(library, (error, result) =>
      library._heif_track_decode_next_image(
        error,
        track,
        result,
        colourRgb,
        channels === 3 ? chromaRgb : chromaRgba,
        0,
      ),
    );
    try {
      return { bytes: pixelsOf(library, image, channels, null).bytes, notices: [] };
    } finally {
      library._heif_image_release(image);
    }
  } finally {
    library._heif_track_release(track);
  }
}

/** @throws HeifError where the decoder gave no pixels */
function pixelsOf(
  library: HeifLibrary,
  image: number,
  channels: 3 | 4,
  icc: Uint8Array | null,
  part?: Part,
): PixelFile {
  const whole = {
    width: library._heif_image_get_width(image, channelInterleaved),
    height: library._heif_image_get_height(image, channelInterleaved),
  };
  const { left, top, width, height } = part ?? { left: 0, top: 0, ...whole };
  const strideAt = library._malloc(4);
  const plane = library._heif_image_get_plane_readonly(image, channelInterleaved, strideAt);
  const stride = library.HEAPU32[strideAt / 4];
  library._free(strideAt);
  const isWithin = left + width <= whole.width && top + height <= whole.height;
  if (plane === 0 || width <= 0 || height <= 0 || !isWithin) {
    throw new HeifError(decoderPlugin, 'no pixels');
  }
  const file = pixelFile({ width, height, channels, icc });
  const row = width * channels;
  for (let y = 0; y < height; y += 1) {
    const start = plane + (top + y) * stride + left * channels;
    file.pixels.set(library.HEAPU8.subarray(start, start + row), y * row);
  }
  if (channels === 4 && library._heif_image_is_premultiplied_alpha(image) !== 0) {
    straighten(file.pixels);
  }
  return file;
}

/** Undoes the multiplication of colours with alpha. */
function straighten(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + 3; c += 1) {
      pixels[c] = Math.min(255, Math.round((pixels[c] * 255) / alpha));
    }
  }
}

/** @throws HeifError */
function profileOf(library: HeifLibrary, handle: number): Uint8Array | null {
  const size = library._heif_image_handle_get_raw_color_profile_size(handle);
  if (size === 0) return null;
  const place = library._malloc(size);
  try {
    heifPointer(library, (error) =>
      library._heif_image_handle_get_raw_color_profile(error, handle, place),
    );
    return library.HEAPU8.slice(place, place + size);
  } finally {
    library._free(place);
  }
}

function isHighDynamicRange(library: HeifLibrary, handle: number): boolean {
  try {
    const nclx = heifPointer(library, (error, result) =>
      library._heif_image_handle_get_nclx_color_profile(error, handle, result),
    );
    const transfer = library.HEAPU32[(nclx + transferAt) / 4];
    library._heif_nclx_color_profile_free(nclx);
    return brightTransfers.includes(transfer);
  } catch (error) {
    // It has none.
    if (error instanceof HeifError) return false;
    throw error;
  }
}

function explained(error: HeifError, name: string): MedleyError {
  const options = { subject: name, cause: error };
  const { code } = error;
  const message = error.message.split('\n')[0];
  // The same code stands for counts in boxes that no real file has.
  if (code === memoryAllocation && !/\b(box|extents|items|zero)\b/i.test(message)) {
    return new MedleyError(
      'image-too-large',
      `${name} needs more memory than Medley gives to one picture. (${message})`,
      options,
    );
  }
  if ([unsupportedFiletype, unsupportedFeature, pluginLoading].includes(code)) {
    return new MedleyError(
      'image-unsupported',
      `${name} is a HEIF picture of a kind that Medley cannot read. (${message})`,
      options,
    );
  }
  return new MedleyError(
    'image-corrupt',
    `${name} cannot be decoded. The file is damaged. (${message})`,
    options,
  );
}
