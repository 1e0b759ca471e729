import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fileChunks } from '#main/models/hash-file.ts';
import type { Hub } from '#main/models/hub/endpoint.ts';
import { pause, retrying } from '#main/models/hub/retry.ts';
import { answerOf } from '#main/models/hub/web-request.ts';
import { MedleyError } from '#shared/errors.ts';

/** A package of ONNX Runtime that holds its CUDA provider. */
export interface ProviderPackage {
  readonly fileName: string;
  readonly url: URL;
  readonly size: number;
  readonly digest: { readonly algorithm: 'sha256' | 'sha512'; readonly hex: string };
}

export type CudaMajor = 12 | 13;

/** Where each build is published: for CUDA 13 as a Python wheel, for CUDA 12 as a NuGet package. */
export const publicIndexes: Readonly<Record<CudaMajor, string>> = {
  12: 'https://api.nuget.org/v3/index.json',
  13: 'https://pypi.org/simple/',
};

/**
 * Looks a package up in its index.
 * @throws MedleyError `offline`, `download-failed`, or `bad-request` when there is none for this system
 */
export function lookUp(
  cuda: CudaMajor,
  version: string,
  index: Hub,
  signal: AbortSignal,
): Promise<ProviderPackage> {
  const ask = <T>(url: URL, schema: z.ZodType<T>, accept: string): Promise<T> =>
    retrying(
      () =>
        answerOf(
          index,
          url,
          { what: url.pathname, signal, headers: { accept } },
          async (response) => schema.parse(await response.json()),
        ),
      { what: url.host, tries: 3, offlineTries: 2, signal, pause },
    );
  return cuda === 13 ? lookUpWheel(version, index, ask) : lookUpNuget(version, index, ask);
}

type Ask = <T>(url: URL, schema: z.ZodType<T>, accept: string) => Promise<T>;

/** The JSON form of Python's simple index (PEP 691 and 700). */
const SimpleIndex = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      size: z.int().positive(),
      hashes: z.object({ sha256: z.hex().length(64) }),
    }),
  ),
});

/** ONNX Runtime for Node has CUDA on this system alone. */
const wheelTag = /manylinux\w*_x86_64$/;
const nugetName = 'Microsoft.ML.OnnxRuntime.Gpu.Linux';

async function lookUpWheel(version: string, index: Hub, ask: Ask): Promise<ProviderPackage> {
  const url = new URL('onnxruntime-gpu/', index.endpoint);
  const { files } = await ask(url, SimpleIndex, 'application/vnd.pypi.simple.v1+json');
  // The wheels of one version differ in Python's version alone, which the provider knows nothing of.
  const file = files.findLast(({ filename }) => {
    const [name, itsVersion, ...tags] = filename.replace(/\.whl$/, '').split('-');
    return name === 'onnxruntime_gpu' && itsVersion === version && wheelTag.test(tags.join('-'));
  });
  if (!file) throw notPublished('onnxruntime-gpu', version);
  return {
    fileName: file.filename,
    url: new URL(file.url, url),
    size: file.size,
    digest: { algorithm: 'sha256', hex: file.hashes.sha256.toLowerCase() },
  };
}

/** The service index of NuGet, its registration of one version, and the catalog's leaf of it. */
const NugetIndex = z.object({
  resources: z.array(z.object({ '@id': z.url(), '@type': z.string() })),
});
const NugetRegistration = z.object({ catalogEntry: z.url(), packageContent: z.url() });
const NugetLeaf = z.object({
  packageHash: z.base64(),
  packageHashAlgorithm: z.literal('SHA512'),
  packageSize: z.int().positive(),
});

async function lookUpNuget(version: string, index: Hub, ask: Ask): Promise<ProviderPackage> {
  const name = nugetName.toLowerCase();
  const json = 'application/json';
  const { resources } = await ask(index.endpoint, NugetIndex, json);
  const base = resources.find((each) => each['@type'] === 'RegistrationsBaseUrl/3.6.0')?.['@id'];
  if (base === undefined) throw notPublished(name, version);
  const place = new URL(`${name}/${version}.json`, base.endsWith('/') ? base : `${base}/`);
  const { catalogEntry, packageContent } = await ask(place, NugetRegistration, json);
  const leaf = await ask(new URL(catalogEntry), NugetLeaf, json);
  return {
    fileName: `${name}.${version}.nupkg`,
    url: new URL(packageContent),
    size: leaf.packageSize,
    digest: {
      algorithm: 'sha512',
      hex: Buffer.from(leaf.packageHash, 'base64').toString('hex'),
    },
  };
}

/** @throws MedleyError `download-failed` when the file is not the one that was published */
export async function verify(path: string, { fileName, digest }: ProviderPackage): Promise<void> {
  const hash = createHash(digest.algorithm);
  for await (const chunk of fileChunks(path)) hash.update(chunk);
  const found = hash.digest('hex');
  if (found === digest.hex) return;
  throw new MedleyError(
    'download-failed',
    `${fileName}: its ${digest.algorithm} is ${found}, not ${digest.hex} as its index says. Try again.`,
    { subject: fileName },
  );
}

function notPublished(name: string, version: string): MedleyError {
  return new MedleyError(
    'bad-request',
    `${name} ${version} is not published for this system. Try the other --cuda, or --from FILE.`,
    { subject: name },
  );
}
