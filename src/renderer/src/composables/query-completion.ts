import { computed, ref, shallowRef, type Ref } from 'vue';
import { completableAt, type Completable } from '#shared/query/complete.ts';
import { filterFields } from '#shared/query/query.ts';
import type { Completions } from '#shared/schemas/search.ts';
import { useServices } from '../connection/services.ts';
import { fieldPurposes } from '../format/query-words.ts';

type Item = Completions['items'][number] & { readonly hint: string };

/** Letters of a field's name after which it is offered unasked. */
const enough = 2;

/** What to offer in a search box while somebody types, and what the text becomes with one of it. */
export function useQueryCompletion(text: Ref<string>) {
  const { api } = useServices();
  const items = shallowRef<readonly Item[]>([]);
  const active = ref(-1);
  const open = computed(() => items.value.length > 0);
  /** There may be something to offer in a moment. */
  const pending = ref(false);
  let span = { start: 0, end: 0 };
  /** The question that is to be answered; an answer to an earlier one is late. */
  let asked = 0;

  function close(): void {
    asked += 1;
    pending.value = false;
    items.value = [];
    active.value = -1;
  }

  function offer(next: readonly Item[], start: number, end: number): void {
    items.value = next;
    active.value = -1;
    span = { start, end };
  }

  /** @param wanted names of fields are offered although nothing of one is typed */
  async function suggest(at: number, wanted = false): Promise<void> {
    close();
    const own = asked;
    const place = completableAt(text.value, at);
    if (place === null) return;
    if (place.field === null) {
      if (wanted || place.typed.length >= enough) offer(fieldsFor(place), place.from, place.to);
      return;
    }
    pending.value = true;
    const found = await api
      .invoke('search/complete', { text: text.value, at })
      // Nothing is lost without it: one can go on typing.
      .catch(() => null);
    if (own !== asked) return;
    pending.value = false;
    if (found === null) return;
    const { start, end } = found;
    const typed = text.value.slice(start, end);
    // What stands there already is no completion, and its list would hide what is below the box.
    const others = found.items.filter((item) => item.text !== typed);
    offer(
      others.map((item) => ({ ...item, hint: '' })),
      start,
      end,
    );
  }

  function step(by: 1 | -1): void {
    const length = items.value.length;
    // Past either end nothing is chosen, and the next one is at the other end.
    active.value = ((active.value + 1 + by + length + 1) % (length + 1)) - 1;
  }

  /** The text with the one chosen, where the caret stands then, and whether a value is to follow. */
  function accept(index: number) {
    const item = items.value[index];
    if (item === undefined) return null;
    const rest = text.value.slice(span.end);
    const unfinished = item.text.endsWith(':');
    const space = unfinished || /^\s/u.test(rest) ? '' : ' ';
    const before = text.value.slice(0, span.start) + item.text + space;
    close();
    return { text: before + rest, at: before.length, unfinished };
  }

  return { items, active, open, pending, suggest, step, accept, close };
}

function fieldsFor({ typed }: Completable): Item[] {
  return filterFields
    .filter((field) => field.startsWith(typed.toLowerCase()))
    .map((field) => ({
      text: `${field}:`,
      label: `${field}:`,
      count: null,
      hint: fieldPurposes[field],
    }));
}
