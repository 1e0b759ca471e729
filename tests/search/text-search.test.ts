import { describe, expect, it } from 'vitest';
import type { SearchProgress } from '#shared/schemas/search.ts';
import { listPhotos } from '#main/search/list-search.ts';
import { Matcher } from '#main/search/matcher.ts';
import type { SearchIndex } from '#main/search/search-index.ts';
import { TextSearch } from '#main/search/text-search.ts';
import type { PhotoText } from '#main/store/tables/words.ts';
import { HashModel } from '../support/hash-model.ts';
import { byCosine, cosineOf, hashIndex, ids, meaning, model, request } from './hash-library.ts';

const index = hashIndex();
const searchOf = (sentence: string, partSize: number, of: HashModel = model) =>
  new TextSearch(of, new Matcher(of), null, meaning(sentence), partSize);
const idsOf = ({ results }: SearchProgress) => results.map(({ id }) => id);

/** Every photo in the order of its cosine, with its score and whether it is above the line, one by one. */
async function lookAtEach(text: string) {
  const [vector] = await model.embedTexts([text]);
  const all = byCosine(vector);
  const matches = await model.match(
    all.map(({ photoId }) => model.featuresOf(photoId)),
    all.map(() => text),
  );
  return all.map((each, i) => {
    const { logit, probability } = matches[i];
    const odds = Math.log(probability / (1 - probability)) - 0.5 * Math.log(ids.length);
    return { ...each, score: logit + model.info.cosineWeight * each.cosine, above: odds >= 0 };
  });
}

describe('a search by text', () => {
  it.each(['a boat', 'two dogs', 'a red car'])(
    'lists what is above the line, part by part, as looking at each photo of “%s” does',
    async (text) => {
      const each = await lookAtEach(text);
      // A search gives up after 32 in a row that are not above.
      let end = each.findIndex(
        (_, i) => i >= 31 && each.slice(i - 31, i + 1).every((e) => !e.above),
      );
      end = end === -1 ? each.length : Math.ceil((end + 1) / 8) * 8;
      const judged = each.slice(0, end);
      const parts = Array.from({ length: 25 }, (_, part) => judged.slice(8 * part, 8 * part + 8));
      const best = (some: typeof each) => some.toSorted((a, b) => b.score - a.score);
      const found = parts.flatMap((part) => best(part.filter(({ above }) => above)));
      const others = best(judged.filter(({ above }) => !above));

      const done = await searchOf(text, 8).run(index, request({ limit: 200 }));
      expect(idsOf(done)).toEqual([...found, ...others].map(({ photoId }) => photoId));
      expect(done).toMatchObject({ above: found.length, more: false, reranked: end, total: end });
      expect(done.results.map(({ matches }) => matches)).toEqual(
        [...found.map(() => true), ...others.map(() => false)], //
      );
      for (const [i, { score, itc }] of done.results.slice(0, found.length).entries()) {
        expect(score).toBeCloseTo(found[i].score, 5);
        expect(itc).toBeCloseTo(found[i].cosine, 5);
      }
    },
  );

  it.each(['a boat', 'two dogs', 'snow'])(
    'shows of “%s” page by page what one page shows',
    async (text) => {
      const whole = idsOf(await searchOf(text, 16).run(index, request({ limit: 200 })));
      const growing = searchOf(text, 16);
      for (const limit of [1, 3, 10, 40, 41, 200]) {
        const expected = whole.slice(0, limit);
        expect(idsOf(await growing.run(index, request({ limit })))).toEqual(expected);
        expect(idsOf(await searchOf(text, 16).run(index, request({ limit })))).toEqual(expected);
      }
    },
  );

  it('matches no photo twice for a longer list, nor for the same one again', async () => {
    const counting = new HashModel();
    let pairs = 0;
    const match = counting.match.bind(counting);
    counting.match = (images, texts) => {
      pairs += images.length;
      return match(images, texts);
    };
    const matcher = new Matcher(counting);
    const search = new TextSearch(counting, matcher, null, meaning('a boat'), 16);
    await search.run(index, request({ limit: 1 }));
    expect(pairs).toBe(16);
    const { reranked } = await search.run(index, request({ limit: 200 }));
    expect(pairs).toBe(reranked);
    await new TextSearch(counting, matcher, null, meaning('a boat'), 16).run(index, request());
    expect(pairs).toBe(reranked);
  });

  it('shows the shortlist first, then what was judged as it comes', async () => {
    const states: SearchProgress[] = [];
    const onProgress = (state: SearchProgress) => states.push(state);
    const done = await searchOf('two dogs', 40).run(index, request({ limit: 10, onProgress }));
    states.push(done);
    expect(states[0]).toMatchObject({ stage: 'shortlist', reranked: 0, above: null });
    const [vector] = await model.embedTexts(['two dogs']);
    expect(idsOf(states[0])).toEqual(
      byCosine(vector)
        .slice(0, 10)
        .map(({ photoId }) => photoId),
    );
    expect(states.slice(1, -1).every(({ stage }) => stage === 'rerank')).toBe(true);
    expect(done.stage).toBe('done');
  });

  it('judges nothing before it may, with first results there', async () => {
    const states: SearchProgress[] = [];
    let letIt = () => {};
    const calm = () => new Promise<void>((resolve) => (letIt = resolve));
    const running = searchOf('two dogs', 40).run(
      index,
      request({ calm, onProgress: (state) => states.push(state) }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(states.map(({ stage }) => stage)).toEqual(['shortlist']);
    letIt();
    expect((await running).stage).toBe('done');
  });

  it('given up, leaves the model after the run that is under way, and keeps what that found', async () => {
    const slow = new HashModel();
    const runs: number[] = [];
    const caller = new AbortController();
    const match = slow.match.bind(slow);
    slow.match = async (images, texts) => {
      runs.push(images.length);
      if (runs.length === 2) caller.abort();
      // Longer than a run should take.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return match(images, texts);
    };
    const matcher = new Matcher(slow);
    const search = () => new TextSearch(slow, matcher, null, meaning('two dogs'), 16);
    const { signal } = caller;
    await expect(search().run(index, request({ signal }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    const [first, second, ...others] = runs.splice(0);
    expect(others).toEqual([]);
    await search().run(index, request({ limit: 1 }));
    expect(runs.reduce((sum, photos) => sum + photos, 0)).toBe(16 - first - second);
  });

  it('lists by date what is found, whatever the limit', async () => {
    const all = await searchOf('a boat', 16).run(index, request({ limit: 200 }));
    const found = idsOf(all).slice(0, all.above ?? 0);
    const dated = await searchOf('a boat', 16).run(index, request({ limit: 200, sort: 'date' }));
    expect(idsOf(dated).slice(0, found.length)).toEqual(found.toSorted());
    const first = await searchOf('a boat', 16).run(index, request({ limit: 3, sort: 'date' }));
    expect(idsOf(first)).toEqual(idsOf(dated).slice(0, 3));
  });

  it('finds a photo by what a person wrote of it, whatever its picture shows', async () => {
    const each = await lookAtEach('aunt marie');
    const id = each.findLast(({ above }) => !above)?.photoId ?? '';
    const said: PhotoText = { field: 'keyword', text: 'Aunt Marie', byPerson: true };
    const found = await searchOf('aunt marie', 16).run(
      hashIndex(new Map([[id, [said]]])),
      request(),
    );
    expect(found.results.find((result) => result.id === id)).toMatchObject({
      matches: true,
      words: [
        {
          ...said,
          ranges: [
            [0, 4],
            [5, 10],
          ],
        },
      ],
    });
    const guess = new Map([[id, [{ ...said, byPerson: false }]]]);
    const guessed = await searchOf('aunt marie', 16).run(hashIndex(guess), request({ limit: 200 }));
    expect(guessed.results.find((result) => result.id === id)?.matches).toBe(false);
  });

  it('searches texts alone for what the model does not understand, and says so', async () => {
    const said: PhotoText = { field: 'title', text: '長崎の海', byPerson: true };
    const known = hashIndex(new Map([[ids[7], [said]]]));
    const done = await searchOf('長崎', 16).run(known, request());
    expect(idsOf(done)).toEqual([ids[7]]);
    expect(done).toMatchObject({ above: 1, line: null, more: false });
    expect(done.notes).toMatchObject([{ kind: 'not-understood', words: ['長崎'] }]);
    expect(done.results[0]).toMatchObject({ itm: null, matches: true });
  });

  it('leaves what shows the negated thing, or is said to, below the line', async () => {
    const plain = await searchOf('a boat', 16).run(index, request({ limit: 200 }));
    const found = idsOf(plain).slice(0, plain.above ?? 0);
    const excluded = [{ text: 'a dog', exact: false }];
    const without = { ...meaning('a boat'), excluded };
    const said: PhotoText = { field: 'caption', text: 'our dogs', byPerson: true };
    const known = hashIndex(new Map([[found[0], [said]]]));
    const search = new TextSearch(model, new Matcher(model), null, without, 16);
    const done = await search.run(known, request({ limit: 200 }));
    const dogs = new Set(
      (await lookAtEach('a dog')).flatMap(({ photoId, above }) => (above ? photoId : [])),
    );
    const kept = found.filter((id) => !dogs.has(id) && id !== found[0]);
    expect(kept.length).toBeLessThan(found.length);
    expect(
      idsOf(done)
        .slice(0, done.above ?? 0)
        .toSorted(),
    ).toEqual(kept.toSorted());
    expect(idsOf(done)).toContain(found[0]);
  });

  it('leaves a photo whose file is gone below those that match', async () => {
    const [vector] = await model.embedTexts(['a red car']);
    const [nearest] = byCosine(vector);
    const features: SearchIndex['features'] = async (photoIds) =>
      photoIds.map((id) => (id === nearest.photoId ? null : model.featuresOf(id)));
    const done = await searchOf('a red car', 16).run(
      { ...index, features },
      request({ limit: 200 }),
    );
    expect(done.results.at(-1)).toMatchObject({ id: nearest.photoId, itm: null, matches: false });
  });

  it('stops when cancelled between batches, and goes on when asked again', async () => {
    const controller = new AbortController();
    let states = 0;
    const onProgress = () => {
      if (++states === 2) controller.abort();
    };
    const search = searchOf('a cat', 40);
    const cancelled = request({ limit: 200, signal: controller.signal, onProgress });
    await expect(search.run(index, cancelled)).rejects.toMatchObject({ code: 'cancelled' });
    expect(states).toBe(2);
    const whole = await searchOf('a cat', 40).run(index, request({ limit: 200 }));
    expect(idsOf(await search.run(index, request({ limit: 200 })))).toEqual(idsOf(whole));
  });

  it('refuses a sentence without a word', () => {
    expect(() => searchOf('!?', 16)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('a search without a sentence', () => {
  const list = (overrides: Parameters<typeof meaning>[1], limit = 200) =>
    listPhotos(
      model,
      new Matcher(model),
      null,
      meaning('', overrides),
      16,
      index,
      request({ limit }),
    );

  it('lists by date', async () => {
    const filters = [{ field: 'has', value: 'date', negated: false } as const];
    const done = await list({ filters }, 3);
    expect(idsOf(done)).toEqual(ids.slice(0, 3));
    expect(done).toMatchObject({ total: 200, more: true, above: null });
  });

  it('lists last what a search for the negated thing finds', async () => {
    const done = await list({ excluded: [{ text: 'a dog', exact: false }] });
    const dogs = await searchOf('a dog', 16).run(index, request({ limit: 200 }));
    const found = new Set(idsOf(dogs).slice(0, dogs.above ?? 0));
    expect(found.size).toBeGreaterThan(0);
    expect(idsOf(done)).toEqual([
      ...ids.filter((id) => !found.has(id)),
      ...ids.filter((id) => found.has(id)),
    ]);
    expect(done.above).toBe(200 - found.size);
    expect(done.results.at(-1)?.matches).toBe(false);
  });
});

it('the line of the test is not one that everything or nothing is above', async () => {
  const each = await lookAtEach('a boat');
  const above = each.filter((one) => one.above).length;
  expect(above).toBeGreaterThan(10);
  expect(above).toBeLessThan(100);
  expect(cosineOf(model.embeddingOf('x'), ids[0])).not.toBeNaN();
});
