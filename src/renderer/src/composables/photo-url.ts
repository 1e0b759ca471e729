import type { PhotoId, Rendition } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';
import { useLibrary } from '../stores/library.ts';

/** Where photos are shown from: an address is another one once the picture has changed. */
export function usePhotoUrl(): (rendition: Rendition, id: PhotoId) => string {
  const { doorway } = useServices();
  const library = useLibrary();
  return (rendition, id) => doorway.photoUrl(rendition, id, library.versionOf(id));
}
