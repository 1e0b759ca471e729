import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStore } from '#main/store/store.ts';
import type { FileRow } from '#main/store/tables/files.ts';
import { observationId } from '#main/store/tables/observations.ts';
import { confirm, fillStore, importOf, modelId, write } from '../store/small-library.ts';
import { contentId, fileFacts, importedFile, newContent, pixelsId } from '../store/rows.ts';
import { ListedPhoto, ShownPhoto } from './listed-documents.ts';
import { runMedley } from './run-medley.ts';

// Two ids that begin alike, and one by itself.
const [quay, ship] = [contentId(0x51), contentId(0x52)];
const sidecar = '/photos/quay.jpg.xmp';
const field = 'XMP-dc:Description';
const said = observationId(quay, 'sidecar', field, sidecar);
let library: string;
let alone: string;

/** A file that goes with a photo, or was left out. */
function besides(path: string, facts: Partial<FileRow>): FileRow {
  const row = {
    ...fileFacts(path),
    role: 'photo',
    partOf: null,
    kind: null,
    contentId: null,
  } as const;
  return { ...row, assetId: null, missing: null, missingSince: null, ...facts };
}

beforeAll(async () => {
  library = await mkdtemp(join(tmpdir(), 'medley-show-'));
  const store = await openStore(library);
  const content = newContent(0x51, {
    takenText: '1978-05',
    takenSource: 'XMP-photoshop:DateCreated',
    camera: 'Leica M3',
    lens: 'Summicron 50 mm',
    latitude: 53.54,
    longitude: 9.98,
    keywords: ['harbour', 'dawn'],
    notices: ['The file ends early: its last rows are grey.'],
  });
  await fillStore(store, [
    {
      ...importedFile('/photos/quay.jpg', content),
      kind: 'new',
      file: fileFacts('/photos/quay.jpg'),
      content,
      observations: [
        {
          id: said,
          contentId: quay,
          source: 'sidecar',
          path: sidecar,
          field,
          value: 'The quay\u001b[31m at dawn',
          readAt: '2026-01-02T03:04:05.000Z',
        },
      ],
      captions: [
        { field, text: 'The quay\u001b[31m at dawn', rank: 0, modelId: null, observationId: said },
      ],
    },
    importedFile('/photos/ship.jpg', newContent(0x52), { 'IPTC:Headline': 'A ship' }),
    importOf(1),
  ]);
  await store.tables.files.put([
    besides(sidecar, { role: 'sidecar', partOf: '/photos/quay.jpg', assetId: quay }),
    besides('/photos/quay.nef', { role: 'raw', partOf: '/photos/quay.jpg', assetId: quay }),
    besides('/photos/clip.mp4', { role: 'unsupported', kind: 'video' }),
    besides('/photos/torn.jpg', {}),
  ]);
  const [caption] = (await store.captionsOf([quay])).get(quay) ?? [];
  await confirm(store, quay, caption.id);
  const failure = { code: 'image-corrupt', message: 'It is cut off.' } as const;
  await store.tables.failures.record([
    { ...failure, subject: '/photos/torn.jpg', stage: 'import', modelId: null },
    { ...failure, subject: pixelsId(0x52), stage: 'caption', modelId },
  ]);
  await write(store, ship, 'the Passat');
  // The ship's file is edited: what it and the model said of it before is past.
  await fillStore(store, [importedFile('/photos/ship.jpg', newContent(0x99))]);
  // As where a sidecar is named after two photos.
  const spoken = contentId(0x99);
  await store.tables.observations.put([
    {
      id: observationId(spoken, 'sidecar', field, sidecar),
      contentId: spoken,
      source: 'sidecar',
      path: sidecar,
      field,
      value: 'At sea',
      readAt: '2026-01-02T03:04:05.000Z',
    },
  ]);
  alone = [...store.tables.assets.ids()].find((id) => id !== quay && id !== ship) ?? '';
  await store.close();
});

afterAll(() => rm(library, { recursive: true }));

async function show(photo: string, env: NodeJS.ProcessEnv = {}) {
  const run = await runMedley(['show', photo, '--library', library, '--json'], { env });
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return ShownPhoto.parse(JSON.parse(run.stdout));
}

async function list() {
  const { status, stdout } = await runMedley(['list', '--library', library, '--json']);
  expect(status).toBe(0);
  return z.array(ListedPhoto).parse(JSON.parse(stdout));
}

const theQuay = {
  id: quay,
  files: [
    { path: '/photos/quay.jpg', role: 'photo', missing: null, contentId: quay },
    { path: sidecar, role: 'sidecar', missing: null, contentId: null },
    { path: '/photos/quay.nef', role: 'raw', missing: null, contentId: null },
  ],
  taken: { text: '1978-05', precision: 'month', source: 'XMP-photoshop:DateCreated' },
  location: { latitude: 53.54, longitude: 9.98 },
  camera: 'Leica M3',
  lens: 'Summicron 50 mm',
  exposure: null,
  keywords: ['harbour', 'dawn'],
  captions: [
    {
      origin: 'imported',
      field,
      file: sidecar,
      confirmed: true,
      scores: [],
      verdict: { verdict: 'confirmed', by: 'person' },
    },
    { origin: 'machine', modelId, file: null, verdict: null, scores: [{ modelId, value: 0.5 }] },
  ],
  notices: ['The file ends early: its last rows are grey.'],
  failures: [],
  vectors: [modelId],
};

describe('list', () => {
  it('says all that is known of each photo, in the order of ids', async () => {
    const photos = await list();
    expect(photos.map(({ id }) => id)).toEqual([quay, ship, alone].sort());
    expect(photos.find(({ id }) => id === quay)).toMatchObject(theQuay);
    expect(photos.find(({ id }) => id === ship)).toMatchObject({
      taken: null,
      location: null,
      camera: null,
      captions: [{ text: 'the Passat', origin: 'person' }, { origin: 'machine' }],
    });
  });

  it('tells it to people, with what is not there', async () => {
    const { stdout } = await runMedley(['list', '--library', library]);
    expect(stdout).toContain(`${quay}
  file       /photos/quay.jpg
  sidecar    ${sidecar}
  raw        /photos/quay.nef
  taken      1978-05 (XMP-photoshop:DateCreated)
  place      53.54000, 9.98000
  camera     Leica M3 · Summicron 50 mm
  keywords   harbour, dawn
  imported   The quay [31m at dawn (${field} · ${sidecar} · confirmed)
`);
    expect(stdout).toMatch(/^ {2}taken {6}undated$/m);
    expect(stdout).toMatch(
      /^3 photos, 1 undated\. 2 files of the folders are not in the library;/m,
    );
  });
});

describe('show', () => {
  it('finds a photo by its id, the beginning of that, and any of its files', async () => {
    const whole = await show(quay);
    expect(whole).toMatchObject(theQuay);
    for (const path of ['/photos/quay.jpg', sidecar, '/photos/quay.nef']) {
      expect(await show(path)).toEqual(whole);
    }
    expect(await show('quay.jpg', { INIT_CWD: '/photos' })).toEqual(whole);
    expect((await show(alone.slice(0, 6).toUpperCase())).id).toBe(alone);
  });

  it('adds what the picture is, what was read where, and what is past', async () => {
    expect(await show(quay)).toMatchObject({
      picture: { format: 'jpeg', bytes: 1000, width: 400, height: 300 },
      observations: [
        {
          contentId: quay,
          field,
          value: 'The quay\u001b[31m at dawn',
          source: 'sidecar',
          path: sidecar,
          readAt: '2026-01-02T03:04:05.000Z',
        },
      ],
      formerCaptions: [],
    });
    const { captions, formerCaptions } = await show(ship);
    expect(captions.map(({ origin }) => origin)).toEqual(['person', 'machine']);
    expect(formerCaptions.map(({ origin }) => origin).sort()).toEqual(['imported', 'machine']);
    expect(formerCaptions).toContainEqual(
      expect.objectContaining({ text: 'A ship', field: 'IPTC:Headline' }),
    );
  });

  it('lists a sidecar of two photos with both', async () => {
    const { files } = await show(ship);
    expect(files.map(({ path }) => path)).toEqual(['/photos/ship.jpg', sidecar]);
  });

  it('tells it to people', async () => {
    const { stdout } = await runMedley(['show', quay, '--library', library]);
    expect(stdout).toMatch(/^ {2}picture {4}jpeg, 400 × 300 pixels, 1,000 bytes$/m);
    expect(stdout).toMatch(/^ {2}imported {3}The quay .*confirmed by person/m);
    expect(stdout).toMatch(/^ {2}machine {4}a picture .*0\.500 by starter@1/m);
    expect(stdout).toContain(
      `  says       ${field}: The quay [31m at dawn (sidecar ${sidecar} · read`,
    );
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    ['0000', /ids of 2 photos begin with 0000 \(0+51, 0+52\)\. Give more of the id/],
    ['beef', /no photo beef: no id begins so.*"medley index"/],
    ['/photos/none.jpg', /\/photos\/none\.jpg is none of its files/],
    ['/photos/clip.mp4', /clip\.mp4 is not in the library: .*\(video\)/],
    ['/photos/torn.jpg', /torn\.jpg is not in the library.*It is cut off\./],
  ])('refuses %s in one line that says what to do', async (photo, expected) => {
    const run = await runMedley(['show', photo, '--library', library, '--json']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(expected);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });
});
