import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { Finding, Fix } from '#shared/schemas/alt-text.ts';
import type {
  AnsweredText,
  Proposal,
  ReviewAnswer,
  ReviewItem,
  ReviewList,
} from '#shared/schemas/review.ts';
import type { SiteReview } from '#shared/schemas/sites.ts';
import { useServices } from '../connection/services.ts';
import { captionChanged } from '../review/changed-caption.ts';
import { brokenRules, everything, passes, worstFirst, type ReviewFilter } from '../review/queue.ts';
import { librarySource, siteSource, type Given } from '../review/source.ts';
import { useNotices } from './notices.ts';
import { useSites } from './sites.ts';
import { useUndo } from './undo.ts';

const initialStrictness = 0.5;

/**
 * The review of texts, of photos or of a website: what was found, what is shown of that, and the answers. An
 * answer counts and is sent at once, so that none is lost when the window is closed; the list stays as it is until
 * it is asked for again, so that nothing moves under a person's hands.
 */
export const useReview = defineStore('review', () => {
  const { api } = useServices();
  const notices = useNotices();
  const undo = useUndo();
  const sites = useSites();
  const strict = useLocalStorage('medley.strict', initialStrictness);
  /** Null while it is not there, as of a website that was not read yet. */
  const list = shallowRef<ReviewList | SiteReview | null>(null);
  const error = shallowRef<string | null>(null);
  const filter = shallowRef<ReviewFilter>(everything);
  const currentId = ref<string | null>(null);
  /** Answers since the list was read, by item. */
  const given = shallowReactive(new Map<string, ReviewAnswer>());
  /** Proposals that were asked for since, by item. */
  const more = shallowReactive(new Map<string, readonly Proposal[]>());
  let sending: Promise<unknown> = Promise.resolve();

  const source = computed(() =>
    sites.folder === null ? librarySource(api) : siteSource(api, sites.folder),
  );
  const sorted = computed(() => worstFirst(list.value?.items ?? []));
  const queue = computed(() => sorted.value.filter((item) => passes(item, filter.value)));
  const open = computed(() => queue.value.filter((item) => answerTo(item) === null));
  /** Those that no filter hides. */
  const allOpen = computed(() => sorted.value.filter((item) => answerTo(item) === null));
  const current = computed(() => queue.value.find(({ id }) => id === currentId.value) ?? null);
  /** What comes next, the current item first. */
  const coming = computed(() => {
    const at = queue.value.findIndex(({ id }) => id === currentId.value);
    return at < 0 ? [] : queue.value.slice(at);
  });

  function answerTo({ id, answer }: ReviewItem): ReviewAnswer | null {
    return given.get(id) ?? answer;
  }

  /** The list stands still while it is answered, and what it says of a text is held against the answers. */
  function rulesBrokenBy(item: ReviewItem): Finding[] {
    const rules = brokenRules(item);
    if (!captionChanged(item, sorted.value, answerTo)) return rules;
    return rules.filter(({ rule }) => rule !== 'alt.duplicatesCaption');
  }

  function proposalsFor(item: ReviewItem): readonly Proposal[] {
    return more.get(item.id) ?? item.proposals;
  }

  /** Looks through other texts from now on. @param folder of a website; null for the photos of the library */
  async function lookThrough(folder: string | null): Promise<void> {
    if (folder === sites.folder) return;
    await settled();
    sites.folder = folder;
    clear();
    await load();
  }

  /** Has the pages of a website read, and looks through them once they are. */
  async function checkSite(folder: string): Promise<void> {
    await settled();
    await sites.check(folder);
    clear();
  }

  // What was read and written is another list.
  watch(
    () => sites.ended,
    (ended) => {
      if (ended !== null) void load();
    },
  );

  function clear(): void {
    list.value = null;
    error.value = null;
    filter.value = everything;
    currentId.value = null;
  }

  /** Reads the list anew, and begins at its worst. */
  async function load(): Promise<void> {
    const from = source.value;
    try {
      await settled();
      const found = await from.list(strict.value);
      // Another one may have been chosen since.
      if (from !== source.value) return;
      list.value = found;
      error.value = null;
      given.clear();
      more.clear();
      if (current.value === null) toFirst();
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  /** What would be found at another strictness. */
  async function preview(other: number): Promise<ReviewList | null> {
    return await source.value.list(other);
  }

  async function setStrict(value: number): Promise<void> {
    strict.value = value;
    await load();
  }

  function show(change: Partial<ReviewFilter>): void {
    filter.value = { ...filter.value, ...change };
    if (current.value === null || answerTo(current.value) !== null) toFirst();
  }

  function toFirst(): void {
    currentId.value = open.value[0]?.id ?? null;
  }

  /** The next open item after the current one, from the beginning again after the last; null where it is alone. */
  function nextOpen(): ReviewItem | null {
    const at = queue.value.findIndex(({ id }) => id === currentId.value);
    const around = [...queue.value.slice(at + 1), ...queue.value.slice(0, Math.max(at, 0))];
    return around.find((item) => answerTo(item) === null) ?? null;
  }

  /** Goes on without an answer. @returns whether there was somewhere to go */
  function skip(): boolean {
    const next = nextOpen();
    if (next !== null) currentId.value = next.id;
    return next !== null;
  }

  /** Goes to the item before, answered or not. @returns whether there was one */
  function back(): boolean {
    const at = queue.value.findIndex(({ id }) => id === currentId.value);
    const before = at < 0 ? queue.value.at(-1) : queue.value[at - 1];
    if (before !== undefined) currentId.value = before.id;
    return before !== undefined;
  }

  function goTo(id: string): void {
    currentId.value = id;
  }

  /** Answers the current item and goes on. @param also what is written of the photo with it */
  function answer(given: ReviewAnswer, also: readonly AnsweredText[] = []): void {
    const item = current.value;
    if (item === null) return;
    const next = nextOpen();
    give([{ item, answer: given, also }]);
    currentId.value = next?.id ?? null;
  }

  /** Mends the current item as a rule says, and goes on. */
  function mend(fix: Fix): void {
    const { place } = current.value ?? {};
    if (fix.kind === 'decorative') answer({ kind: 'decorative' });
    else if (fix.kind === 'text') answer({ kind: 'edit', text: fix.text });
    else if (place?.kind === 'field') {
      const { photoId } = place;
      const extended: ReviewAnswer = { kind: 'edit', text: fix.extended };
      answer({ kind: 'edit', text: fix.text }, [
        { photoId, captionId: null, purpose: 'extended', answer: extended },
      ]);
    }
  }

  /** Answers items as one act. */
  function give(answers: readonly Given[]): void {
    for (const { item, answer: each } of answers) given.set(item.id, each);
    const takeBack = () => {
      for (const { item } of answers) given.delete(item.id);
      currentId.value = answers[0]?.item.id ?? null;
    };
    const sent = source.value.answer(answers);
    sent.catch(() => {});
    // Answers are told of in the order in which they were given.
    sending = sending.then(async () => {
      try {
        undo.remember(await sent, takeBack);
      } catch (failure) {
        takeBack();
        notices.add({ level: 'warning', message: messageOf(failure) });
      }
    });
  }

  /** Resolves once every answer so far has arrived, or is known not to. */
  async function settled(): Promise<void> {
    await sending;
  }

  /** Takes the latest act back. @returns whether there was one */
  async function undoLast(): Promise<boolean> {
    await settled();
    return await undo.undoLast({ quiet: true });
  }

  /** Has the model write more proposals for an item. */
  async function propose(item: ReviewItem): Promise<void> {
    const texts = await source.value.suggest(item);
    const written = texts.flatMap((text) =>
      text.itm === null ? [] : [{ ...text, itm: text.itm }],
    );
    const known = new Map([...proposalsFor(item), ...written].map((each) => [each.text, each]));
    more.set(
      item.id,
      [...known.values()].sort((a, b) => b.itm - a.itm),
    );
  }

  return {
    strict,
    list,
    error,
    filter,
    queue,
    open,
    allOpen,
    sorted,
    current,
    coming,
    answerTo,
    rulesBrokenBy,
    proposalsFor,
    load,
    lookThrough,
    checkSite,
    preview,
    setStrict,
    show,
    skip,
    back,
    goTo,
    answer,
    mend,
    give,
    settled,
    undoLast,
    propose,
  };
});
