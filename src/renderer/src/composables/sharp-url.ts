import { useDevicePixelRatio } from '@vueuse/core';
import type { PhotoId } from '#shared/schemas/photos.ts';
import { needsSharper } from '../grid/sharpness.ts';
import { usePhotoUrl } from './photo-url.ts';

/** Where a cell of a grid finds a sharper picture than the thumbnail; empty where that is sharp. */
export function useSharpUrl(): (
  id: PhotoId,
  ratio: number,
  size: { readonly width: number; readonly height: number },
) => string {
  const photoUrl = usePhotoUrl();
  const { pixelRatio } = useDevicePixelRatio();
  return (id, ratio, { width, height }) =>
    needsSharper(ratio, width * pixelRatio.value, height * pixelRatio.value)
      ? photoUrl('view', id)
      : '';
}
