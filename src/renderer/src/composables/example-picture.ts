import { useRouter } from 'vue-router';
import { MedleyError } from '#shared/errors.ts';
import { useNotices } from '../stores/notices.ts';
import { useSearch, type Example } from '../stores/search.ts';

/** Long side an example is reduced to, in pixels: more than any model looks at. */
const longSide = 768;

/** Searching by a picture that the person dropped or pasted. */
export function useExamplePicture(): { searchWith(file: File): Promise<void> } {
  const router = useRouter();
  const search = useSearch();
  const notices = useNotices();

  async function searchWith(file: File): Promise<void> {
    await notices.attempt(async () => {
      const example = await readExample(file);
      if (search.example) URL.revokeObjectURL(search.example.url);
      search.example = example;
      const at = Date.now().toString(36);
      await router.push({ name: 'search', query: { picture: at } });
    });
  }

  return { searchWith };
}

/** The first picture in a drop or the clipboard. */
export function pictureIn(data: DataTransfer | null): File | null {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null;
}

async function readExample(file: File): Promise<Example> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new MedleyError('image-unsupported', `${file.name} is not a picture Medley can show.`);
  });
  const scale = Math.min(1, longSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.92);
  });
  if (!blob) throw new MedleyError('image-corrupt', `${file.name} could not be read.`);
  return { url: URL.createObjectURL(blob), base64: await base64Of(blob) };
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => reject(new MedleyError('image-corrupt', 'The picture was not read.'));
    reader.readAsDataURL(blob);
  });
}
