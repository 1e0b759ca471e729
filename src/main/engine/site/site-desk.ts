import { rm } from 'node:fs/promises';
import { readSite, readSitePage, type Site } from '#main/alttext/pages/read-site.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { PageAnswer } from '#main/store/site-answers.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { MedleyError } from '#shared/errors.ts';
import type { BatchId, Suggestion } from '#shared/schemas/captions.ts';
import type { PhotoFile, Rendition } from '#shared/schemas/photos.ts';
import type { AnsweredPlace, SiteReview } from '#shared/schemas/sites.ts';
import type { BatchSizes } from '../model/batch-sizes.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { suggestTexts } from '../texts/suggest.ts';
import { ModelRuns } from '../work/model-runs.ts';
import { lintSite, type CheckedSite } from './checked-site.ts';
import { judgeSite } from './judge-site.ts';
import { pendingPages, type AnsweredPage } from './pending-pages.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { placeIds } from './place-ids.ts';
import { SiteFilter } from './site-filter.ts';
import { sitePictureFile } from './site-picture-file.ts';
import { picturesOf } from './site-pictures.ts';
import { siteReview } from './site-review.ts';

export interface SiteDeskParts {
  readonly store: Store;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  readonly importer: Importer;
  readonly features: FeatureCache;
}

export interface CheckOptions {
  readonly signal: AbortSignal;
  /** Hears how many pictures are done, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

/** The website that is looked at: one at a time. What was answered about others is kept in the library. */
export class SiteDesk {
  readonly #parts: SiteDeskParts;
  #checked: CheckedSite | null = null;

  constructor(parts: SiteDeskParts) {
    this.#parts = parts;
  }

  /** Reads a website and judges its texts. What was found before it is stopped counts. */
  async check(folder: string, options: CheckOptions): Promise<CheckedSite> {
    const site = await readSite(folder, options.signal);
    if (this.#checked?.site.folder !== site.folder) await this.#forgetPictures();
    return await this.judge(site, options);
  }

  /** Judges the texts of a website that was read. Without a model that matches, rules alone do. */
  async judge(site: Site, { signal, onProgress }: CheckOptions): Promise<CheckedSite> {
    const { slot, turns, batches } = this.#parts;
    const read = lintSite(site, await picturesOf(site));
    const before = this.#checked?.filter ?? null;
    this.#checked = { ...read, filter: null };
    const model = await slot.ready().catch(() => null);
    if (model?.info.roles.matching !== true) return this.#checked;
    const filter = await SiteFilter.open(model.info, before);
    this.#checked = { ...read, filter };
    const isInUse = () => slot.model === model;
    const runs = new ModelRuns({ model, turns, batches, isInUse });
    const encoder = this.#encoder(model, (work) => runs.turn(work));
    await judgeSite(read, filter, { model, runs, encoder, signal, onProgress });
    return this.#checked;
  }

  /** Null for a site that was not read since the program was started. */
  async review(folder: string, strict: number): Promise<SiteReview | null> {
    const checked = this.#checked;
    if (checked?.site.folder !== folder) return null;
    return siteReview(checked, await this.#parts.store.siteAnswers.of(folder), strict);
  }

  /** @throws MedleyError `bad-request` for a text that is not there (any more) */
  async answer(folder: string, answers: readonly AnsweredPlace[]): Promise<BatchId> {
    const places = this.#placesOf(folder);
    const changes = answers.map(({ id, answer }): [string, PageAnswer] => {
      const known = places.get(id);
      if (known !== undefined) return [id, { ...known, answer }];
      throw new MedleyError('bad-request', `The pages in ${folder} have no text ${id}.`, {
        subject: id,
      });
    });
    const batch = newBatch('person');
    await this.#parts.store.siteAnswers.change(folder, new Map(changes), batch);
    return batch.id;
  }

  /** What answers would change in the pages. */
  async pending(folder: string): Promise<AnsweredPage[]> {
    const { site } = this.#require(folder);
    return await pendingPages(site, await this.#parts.store.siteAnswers.of(folder));
  }

  /** Takes note of pages that were written, or put back. @param paths others are left */
  async reread(paths: readonly string[]): Promise<void> {
    const checked = this.#checked;
    if (checked === null) return;
    const { folder } = checked.site;
    const pages = await Promise.all(
      checked.site.pages.map(async (page) => {
        if (!paths.includes(page.path)) return page;
        return await readSitePage(folder, page.path).catch(() => page);
      }),
    );
    const { filter, pictures, site } = checked;
    this.#checked = { ...lintSite({ ...site, pages }, pictures), filter };
  }

  /** Texts that the model writes of a picture now. @throws MedleyError `bad-request`, `file-missing` */
  async suggest(folder: string, pictureId: string): Promise<Suggestion[]> {
    const { slot, turns } = this.#parts;
    const { pictures } = this.#require(folder);
    const picture = [...pictures.values()].find(({ id }) => id === pictureId);
    await slot.ready();
    return await turns.interactive(async () => {
      // The model may have been replaced while this waited for its turn.
      const model = await slot.ready();
      const encoder = this.#encoder(model, (work) => work());
      const seen = picture === undefined ? null : await encoder.look(picture);
      if (seen === null) {
        throw new MedleyError('file-missing', 'This picture cannot be read.', {
          subject: picture?.file ?? pictureId,
        });
      }
      return await suggestTexts(model, seen.features);
    });
  }

  /** Where a rendition of a picture of the site lies; null for an id that its last reading does not know. */
  async pictureFile(id: string, rendition: Rendition): Promise<PhotoFile | null> {
    const checked = this.#checked;
    const picture = [...(checked?.pictures.values() ?? [])].find((each) => each.id === id);
    if (checked === null || picture === undefined) return null;
    const { sitePictures } = this.#parts.store.paths;
    return await sitePictureFile(sitePictures, checked.site.folder, picture, rendition);
  }

  async close(): Promise<void> {
    await this.#forgetPictures();
  }

  async #forgetPictures(): Promise<void> {
    await rm(this.#parts.store.paths.sitePictures, { recursive: true, force: true });
  }

  #placesOf(folder: string): Map<string, Omit<PageAnswer, 'answer'>> {
    const { site } = this.#require(folder);
    return new Map(
      site.pages.flatMap(({ page, texts }) =>
        placeIds(texts).map(({ item, place }) => [item, { page, place }] as const),
      ),
    );
  }

  #require(folder: string): CheckedSite {
    if (this.#checked?.site.folder === folder) return this.#checked;
    throw new MedleyError('bad-request', `The pages in ${folder} were not read yet.`, {
      subject: folder,
    });
  }

  #encoder(model: MedModel, turn: <T>(work: () => Promise<T>) => Promise<T>): PictureEncoder {
    const { importer, features } = this.#parts;
    return new PictureEncoder({ model, importer, features, turn });
  }
}
