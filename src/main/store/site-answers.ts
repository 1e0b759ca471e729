import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import { ReviewAnswer } from '#shared/schemas/review.ts';
import type { Batch, Change, Journal, JournalRow } from './tables/journal.ts';

/** What a person said of a text in a page. */
export const PageAnswer = z.object({
  /** Path of the page, from the folder of the site, with `/`. */
  page: z.string(),
  /** The place in it, whatever text stands there. */
  place: z.string(),
  answer: ReviewAnswer,
});
export type PageAnswer = z.infer<typeof PageAnswer>;

/** Answers by the id of the text in its place. */
export type PageAnswers = ReadonlyMap<string, PageAnswer>;

const AnswersFile = z.object({
  /** Absolute path of the site's folder. */
  folder: z.string(),
  answers: z.record(z.string(), PageAnswer),
});

/** What a journal row of the kind `page-answered` says of an answer before, and after. */
const AnswerFacts = z.object({ folder: z.string(), answer: PageAnswer.nullable() });

/** What came of taking answers back, each told by the id of its text. */
export interface UndoneAnswers {
  readonly restored: readonly string[];
  /** Answered anew since, and left as they are. */
  readonly left: readonly string[];
}

/** What a person answered about the pages of websites: a file for each site, `sites/HASH.json`. */
export class SiteAnswers {
  readonly #folder: string;
  readonly #journal: Journal;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, journal: Journal) {
    this.#folder = folder;
    this.#journal = journal;
  }

  /** The folders of sites of which something was answered, the latest first. */
  async sites(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => name.endsWith('.json'));
    const found = await Promise.all(
      files.map(async (name) => {
        const path = join(this.#folder, name);
        const { folder } = await readJsonFile(path, AnswersFile, { folder: '', answers: {} });
        return { folder, at: (await stat(path)).mtimeMs };
      }),
    );
    return found.sort((a, b) => b.at - a.at).map(({ folder }) => folder);
  }

  /** @throws MedleyError `file-unreadable` where the file is damaged */
  async of(site: string): Promise<PageAnswers> {
    await this.#last;
    return await this.#read(site);
  }

  /**
   * Takes answers, and notes in the journal what was answered before.
   *
   * @param changes null takes an answer away
   * @throws MedleyError `disk-full`, `folder-read-only`, `file-unreadable`
   */
  async change(
    site: string,
    changes: ReadonlyMap<string, PageAnswer | null>,
    batch: Batch,
  ): Promise<void> {
    await this.#alone(async () => {
      const before = await this.#read(site);
      await this.#write(site, before, changes);
      const rows = Array.from(changes, ([id, answer]) => row(site, id, before.get(id), answer));
      await this.#journal.record(batch, rows);
    });
  }

  /**
   * Takes back what a batch answered, unless it was answered anew since.
   *
   * @param rows of the batch
   * @param batch the one that takes it back
   */
  async undo(rows: readonly JournalRow[], batch: Batch): Promise<UndoneAnswers> {
    const given = rows.filter(({ kind }) => kind === 'page-answered');
    const bySite = Map.groupBy(given, ({ after }) => AnswerFacts.parse(after).folder);
    const restored: string[] = [];
    for (const [site, own] of bySite) {
      const now = await this.of(site);
      const standing = own.filter(({ subject, after }) =>
        isDeepStrictEqual(now.get(subject) ?? null, AnswerFacts.parse(after).answer),
      );
      const back = standing.map(
        ({ subject, before }) => [subject, AnswerFacts.parse(before).answer] as const,
      );
      await this.change(site, new Map(back), batch);
      restored.push(...back.map(([id]) => id));
    }
    const left = given.map(({ subject }) => subject).filter((id) => !restored.includes(id));
    return { restored, left };
  }

  async #read(site: string): Promise<PageAnswers> {
    const none = { folder: site, answers: {} };
    const { answers } = await readJsonFile(this.#pathOf(site), AnswersFile, none);
    return new Map(Object.entries(answers));
  }

  async #write(
    folder: string,
    before: PageAnswers,
    changes: ReadonlyMap<string, PageAnswer | null>,
  ): Promise<void> {
    const merged = [...new Map<string, PageAnswer | null>([...before, ...changes])];
    const answers = Object.fromEntries(merged.filter(([, answer]) => answer !== null));
    await writeJsonFile(this.#pathOf(folder), { folder, answers });
  }

  #pathOf(site: string): string {
    return join(
      this.#folder,
      `${createHash('sha256').update(site).digest('hex').slice(0, 16)}.json`,
    );
  }

  /** Runs `work` once whatever changed answers before is done. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

function row(
  folder: string,
  subject: string,
  before: PageAnswer | undefined,
  after: PageAnswer | null,
): Change {
  return {
    kind: 'page-answered',
    assetId: null,
    subject,
    before: { folder, answer: before ?? null },
    after: { folder, answer: after },
  };
}
