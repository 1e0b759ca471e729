import { MedleyError } from '#shared/errors.ts';
import { parseAddress, requireSecure, type Hub } from './endpoint.ts';
import { neededFiles } from './needed-files.ts';
import type { RemoteFile, RemoteModel } from './remote-file.ts';
import { fileAddress, isHubId, listRepository } from './repository.ts';
import { pause, retrying, type Pause } from './retry.ts';
import { answerOf } from './web-request.ts';

export interface LookUpOptions {
  /** A hub id, or the address of an original `.pth` file. */
  readonly source: string;
  /** Branch, tag or commit on the hub. */
  readonly revision?: string | undefined;
  readonly signal: AbortSignal;
  readonly wait?: Pause;
}

/** Whose vocabulary the original files of BLIP were trained with (BLIP, section 3.1). */
const vocabularyOfOriginals = 'bert-base-uncased';
const defaultRevision = 'main';
const tries = 5;
const offlineTries = 2;

/** Where the files of a source are kept, without asking anyone. */
export function nameSource(source: string): Pick<RemoteModel, 'origin' | 'name' | 'folderName'> {
  const address = parseAddress(source);
  if (address !== null) return nameOriginal(address);
  if (!isHubId(source)) {
    throw new MedleyError(
      'bad-request',
      `"${source}" is neither the id of a model (owner/name) nor the address of a .pth file.`,
      { subject: source },
    );
  }
  const name = source.split('/').at(-1) ?? source;
  return { origin: source, name, folderName: source.replace('/', '--') };
}

/**
 * Asks what files make up a model.
 *
 * @throws MedleyError `bad-request`, `offline`, `download-failed`, `checkpoint-invalid`
 */
export async function lookUpModel(hub: Hub, options: LookUpOptions): Promise<RemoteModel> {
  const { source, signal, wait = pause } = options;
  const address = parseAddress(source);
  if (address !== null) return lookUpOriginal(hub, address, { signal, wait });
  const named = nameSource(source);
  const revision = options.revision ?? defaultRevision;
  const repository = await listRepository(hub, { id: source, revision, signal, wait });
  const files = neededFiles(repository).map((file) => ({
    ...file,
    url: fileAddress(hub, repository, file.name),
  }));
  return { ...named, revision: repository.commit, files };
}

function nameOriginal(address: URL): Pick<RemoteModel, 'origin' | 'name' | 'folderName'> {
  requireSecure(address);
  const file = decodeURIComponent(address.pathname.split('/').at(-1) ?? '');
  if (!/^[\w][\w.-]*\.pth$/.test(file)) {
    throw new MedleyError('bad-request', `${address.href} is not the address of a .pth file.`, {
      subject: address.href,
    });
  }
  const name = file.replace(/\.pth$/, '');
  const host = address.host.replace(/[^\w.-]/g, '-');
  return { origin: address.href, name, folderName: `${host}--${name}` };
}

/** An original file holds weights alone: its vocabulary is fetched beside it. */
async function lookUpOriginal(
  hub: Hub,
  address: URL,
  { signal, wait }: { signal: AbortSignal; wait: Pause },
): Promise<RemoteModel> {
  const named = nameOriginal(address);
  const size = await retrying(() => sizeOf(hub, address, signal), {
    what: named.name,
    tries,
    offlineTries,
    signal,
    pause: wait,
  });
  const id = vocabularyOfOriginals;
  const repository = await listRepository(hub, { id, revision: defaultRevision, signal, wait });
  const vocabulary = repository.files.filter(({ name }) => name === 'vocab.txt');
  const files: RemoteFile[] = [
    ...vocabulary.map((file) => ({ ...file, url: fileAddress(hub, repository, file.name) })),
    { name: `${named.name}.pth`, url: address, size, digest: null },
  ];
  return { ...named, revision: null, files };
}

/** Bytes of a file on the web; null where its server does not tell. */
function sizeOf(hub: Hub, url: URL, signal: AbortSignal): Promise<number | null> {
  return answerOf(hub, url, { method: 'HEAD', what: url.href, signal }, async ({ headers }) => {
    const length = Number(headers.get('content-length') ?? NaN);
    return Number.isSafeInteger(length) && length > 0 ? length : null;
  });
}
