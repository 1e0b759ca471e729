import { beforeEach, describe, expect, it } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import type { ReviewItem } from '#shared/schemas/review.ts';
import { evidenceOf, textOf } from '../../src/renderer/src/format/review-words.ts';
import {
  brokenRules,
  confidenceOf,
  countShown,
  everything,
  foldersOf,
  passes,
  rulesOf,
  strictnessChange,
  worstFirst,
} from '../../src/renderer/src/review/queue.ts';
import { fixFor, possibleFor } from '../../src/renderer/src/review/possible.ts';
import { useNotices } from '../../src/renderer/src/stores/notices.ts';
import { useReview } from '../../src/renderer/src/stores/review.ts';
import { appWith } from './support/app-with.ts';
import { finding, pagePlace, proposal, reviewItem, reviewList } from './support/review-items.ts';
import { siteTask } from './support/some-tasks.ts';
import { ScriptedEngine, type Script } from './support/scripted-engine.ts';

const ids = (items: readonly ReviewItem[]) => items.map(({ id }) => id).join('');
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('the queue', () => {
  const judged = (wrong: number | null) => ({ ...reviewItem('a', 0.5).judgement, wrong });

  it('shows the worst first, and equals in the order of their files', () => {
    const items = [
      reviewItem('a', 0.5),
      reviewItem('b', 0.8),
      reviewItem('c', 0.99),
      reviewItem('d', 0.8),
      reviewItem('e', 0.1, {
        judgement: { ...judged(null), verdict: 'unjudged' },
        findings: [finding('alt.missing', 'error')],
      }),
      reviewItem('f', 0.1, {
        judgement: { ...judged(0), verdict: 'keep' },
        findings: [finding('alt.tooLong', 'warning')],
      }),
    ];
    expect(ids(worstFirst(items))).toBe('cbdeaf');
  });

  it('is narrowed by verdict, rule and folder', () => {
    const items = [
      reviewItem('a', 0.9),
      reviewItem('b', 0.5, { file: '/photos/lake/b.jpg' }),
      reviewItem('c', 0.5, { findings: [finding('alt.url', 'warning')] }),
    ];
    const shown = (change: object) =>
      ids(items.filter((item) => passes(item, { ...everything, ...change })));
    expect(shown({})).toBe('abc');
    expect(shown({ show: 'wrong' })).toBe('a');
    expect(shown({ show: 'doubtful' })).toBe('bc');
    expect(shown({ show: 'doubtful', folder: '/photos/lake' })).toBe('b');
    expect(shown({ rule: 'alt.url' })).toBe('c');
    expect(countShown(items)).toEqual({ all: 3, wrong: 1, doubtful: 2, rules: 1 });
    expect(foldersOf(items)).toEqual([
      ['/photos', 2],
      ['/photos/lake', 1],
    ]);
  });

  it('counts a text that does not fit its picture among the wrong ones, not among broken rules', () => {
    const misfit = reviewItem('a', 0.9, { findings: [finding('alt.mismatch', 'error')] });
    expect(countShown([misfit])).toEqual({ all: 1, wrong: 1, doubtful: 0, rules: 0 });
    expect(rulesOf([misfit])).toEqual([]);
    expect(
      ids(worstFirst([reviewItem('b', 0.5, { findings: misfit.findings }), reviewItem('c', 0.6)])),
    ).toBe('cb');
  });

  it('is as sure of a proposal as of the lesser of both chances', () => {
    expect(confidenceOf(reviewItem('a', 0.97))).toBe(0.9);
    expect(confidenceOf(reviewItem('a', 0.8))).toBe(0.8);
    expect(confidenceOf(reviewItem('a', 0.8, { proposals: [] }))).toBeNull();
    expect(confidenceOf(reviewItem('a', 0.8, { judgement: judged(null) }))).toBeNull();
    // Of a text that is missing, only the proposal can be wrong; not of one that is rightly empty.
    const missing = { text: null, judgement: judged(null) };
    const fix = { kind: 'decorative' as const };
    const sureOf = (findings: ReviewItem['findings']) =>
      confidenceOf(reviewItem('a', 0.8, { ...missing, findings }));
    expect(sureOf([finding('alt.missing', 'error')])).toBe(0.9);
    expect(sureOf([{ ...finding('alt.missing', 'error'), fix }])).toBeNull();
    expect(sureOf([])).toBeNull();
  });

  it('tells what another strictness changes', () => {
    const before = [reviewItem('a', 0.9), reviewItem('b', 0.5)];
    const after = [
      reviewItem('b', 0.5, { judgement: { ...judged(0.5), verdict: 'wrong' } }),
      reviewItem('c', 0.3),
    ];
    const { newlyWrong, noLongerWrong, ...counts } = strictnessChange(before, after);
    expect(counts).toEqual({ wrong: 1, doubtful: 1 });
    expect([ids(newlyWrong), ids(noLongerWrong)]).toEqual(['b', 'a']);
  });

  it('counts a word that may be wrong among the rules, and a text of another picture not', () => {
    const mismatch = finding('alt.mismatch', 'advice');
    const whole = reviewItem('a', 0.3, { findings: [mismatch] });
    const word = { written: 'red', likelier: 'blue', share: 0.001 };
    const part = { ...whole, judgement: { ...whole.judgement, word } };
    expect(brokenRules(whole)).toEqual([]);
    expect(brokenRules(part)).toEqual([mismatch]);
  });

  it('says why in words, and what is not there', () => {
    const { judgement } = reviewItem('a', 0.97);
    const seen = { ...judgement, judged: 'a boat', aside: ['Anna', '2019'] };
    const text = 'Anna in a boat, 2019';
    expect(evidenceOf(reviewItem('a', 0.97, { text, judgement: seen }))).toEqual([
      'Chance that it is about another picture: 97\u00a0%.',
      'Match with this picture: 3\u00a0%, by starter.',
      'Set aside, since no picture shows it: Anna, 2019.',
      'Looked at: “a boat”',
    ]);
    const place = pagePlace({ functional: true });
    const unjudged = { ...judgement, verdict: 'unjudged' as const, wrong: null, itm: null };
    const why = (change: Parameters<typeof pagePlace>[0]) =>
      evidenceOf({ text: 'Home', place: pagePlace(change), judgement: unjudged });
    expect(evidenceOf({ text: 'Home', place, judgement: unjudged })).toEqual([
      'It names what the link or button does, and is not held against the picture.',
    ]);
    expect(why({ away: 'other-host', picture: null })).toEqual([
      'The picture is on another host, and is not fetched. It was only held against the rules.',
    ]);
    expect(why({ picture: null })).toEqual([
      'The picture cannot be read. It was only held against the rules.',
    ]);
    const of = (text: string, judged: string) =>
      evidenceOf(reviewItem('a', 0, { text, judgement: { ...unjudged, judged } }));
    expect(of('Anna', '')).toEqual(['It says nothing that a picture could show.']);
    expect(of('A boat', 'A boat')).toEqual(['No model has looked at it.']);
    expect(textOf({ text: null, purpose: 'alt' })).toBe('No alt text');
    expect(textOf({ text: '', purpose: 'alt' })).toBe('Empty');
  });
});

describe('what can be answered', () => {
  const page = (change: Parameters<typeof pagePlace>[0], text: string | null = 'Home') =>
    possibleFor(reviewItem('a', 0.9, { place: pagePlace(change), purpose: 'alt', text }));

  it('of a photo is what changes its text', () => {
    const all = { keep: true, write: true, erase: true, empty: false, propose: true };
    expect(possibleFor(reviewItem('a', 0.9))).toEqual(all);
    const alt = reviewItem('a', 0.9, { purpose: 'alt', text: '' });
    expect(possibleFor(alt)).toEqual({ ...all, keep: false, erase: false, empty: true });
  });

  it('of a page is what the place allows', () => {
    const all = { keep: true, write: true, erase: false, empty: true, propose: true };
    expect(page({})).toEqual(all);
    expect(page({}, null)).toEqual(all);
    expect(page({ functional: true, mayBeEmpty: false })).toEqual({
      ...all,
      empty: false,
      propose: false,
    });
    expect(page({ picture: null, away: 'absent' })).toEqual({ ...all, propose: false });
    const locked = { ...all, write: false, empty: false, propose: false };
    expect(page({ writable: false })).toEqual(locked);
  });

  it('holds no mending where the text cannot be changed', () => {
    const findings = [
      { ...finding('alt.prefix', 'warning'), fix: { kind: 'text' as const, text: 'A boat' } },
    ];
    const item = (writable: boolean) =>
      reviewItem('a', 0.9, { place: pagePlace({ writable }), findings });
    expect(fixFor(item(true))).toEqual({ kind: 'text', text: 'A boat' });
    expect(fixFor(item(false))).toBeNull();
  });
});

describe('the review', () => {
  let engine: ScriptedEngine;
  let batches = 0;

  async function start(script: Script = {}): Promise<ReturnType<typeof useReview>> {
    engine = new ScriptedEngine({
      'review/list': () =>
        reviewList([reviewItem('a', 0.8), reviewItem('b', 0.9), reviewItem('c', 0.7)]),
      'review/answer': () => `batch ${++batches}`,
      'journal/undo': () => ({ batchId: 'undo', restored: 1, left: 0 }),
      ...script,
    });
    await appWith(engine);
    const review = useReview();
    await review.load();
    return review;
  }

  beforeEach(() => {
    batches = 0;
  });

  it('counts and sends an answer at once, and goes on', async () => {
    const review = await start();
    expect(review.current?.id).toBe('b');
    review.answer({ kind: 'keep' });
    expect(review.current?.id).toBe('a');
    expect(ids(review.open)).toBe('ac');
    // The window may be closed before any of it is answered.
    expect(engine.callsOf('review/answer')).toEqual([
      {
        answers: [
          {
            photoId: 'b'.repeat(32),
            captionId: 'caption b',
            purpose: 'caption',
            answer: { kind: 'keep' },
          },
        ],
      },
    ]);
    review.answer({ kind: 'accept', proposal: proposal('another') });
    review.answer({ kind: 'erase' });
    expect(review.current).toBeNull();
    expect(review.open).toEqual([]);
  });

  it('takes the last answer back, and comes back to it', async () => {
    const review = await start();
    review.answer({ kind: 'keep' });
    review.answer({ kind: 'erase' });
    // Though nothing was heard of it yet.
    expect(await review.undoLast()).toBe(true);
    expect(engine.callsOf('journal/undo')).toEqual([{ batchId: 'batch 2' }]);
    expect(review.current?.id).toBe('a');
    expect(ids(review.open)).toBe('ac');
    await review.undoLast();
    expect(review.current?.id).toBe('b');
    expect(await review.undoLast()).toBe(false);
  });

  it('brings an answer back that did not arrive, and says so', async () => {
    const review = await start({
      'review/answer': () => {
        throw new MedleyError('disk-full', 'The disk is full.');
      },
    });
    review.answer({ kind: 'keep' });
    await settle();
    expect(ids(review.open)).toBe('bac');
    expect(review.current?.id).toBe('b');
    expect(useNotices().notices.at(-1)?.message).toBe('The disk is full.');
  });

  it('does not say of an alt text that it repeats a caption that was answered with another', async () => {
    const text = 'A boat';
    const findings = [
      finding('alt.duplicatesCaption', 'warning'),
      finding('alt.prefix', 'warning'),
    ];
    const [caption, other] = [reviewItem('a', 0.9, { text }), reviewItem('b', 0.9, { text })];
    const alt = { ...caption, id: 'alt', purpose: 'alt' as const, findings };
    const review = await start({ 'review/list': () => reviewList([caption, other, alt]) });
    const rules = () => review.rulesBrokenBy(alt).map(({ rule }) => rule);
    const both = ['alt.duplicatesCaption', 'alt.prefix'];
    expect(rules()).toEqual(both);
    // Neither the caption of another photo nor one that stays changes that.
    review.give([{ item: other, answer: { kind: 'erase' } }]);
    review.give([{ item: caption, answer: { kind: 'keep' } }]);
    expect(rules()).toEqual(both);
    for (const answer of [
      { kind: 'accept', proposal: proposal('A dog') },
      { kind: 'edit', text: 'A ship' },
      { kind: 'erase' },
    ] as const) {
      review.give([{ item: caption, answer }]);
      expect(rules()).toEqual(['alt.prefix']);
    }
    review.give([{ item: caption, answer: { kind: 'edit', text } }]);
    expect(rules()).toEqual(both);
  });

  it('skips to what is open, around the end, and goes back to what was answered', async () => {
    const review = await start();
    review.skip();
    review.answer({ kind: 'keep' });
    expect(review.current?.id).toBe('c');
    review.skip();
    expect(review.current?.id).toBe('b');
    expect(review.back()).toBe(false);
    review.skip();
    review.back();
    expect(review.current?.id).toBe('a');
    expect(review.answerTo(review.queue[1])).toEqual({ kind: 'keep' });
    // An answer can be changed.
    review.answer({ kind: 'erase' });
    expect(review.answerTo(review.queue[1])).toEqual({ kind: 'erase' });
  });

  it('mends what a rule knows how to, what is too long in two texts', async () => {
    const review = await start();
    review.mend({ kind: 'extend', text: 'In short', extended: 'In short, and at length' });
    review.mend({ kind: 'text', text: 'Without a prefix' });
    await settle();
    const [first, second] = engine.callsOf('review/answer');
    const photo = { photoId: 'b'.repeat(32) };
    expect(first).toMatchObject({
      answers: [
        { ...photo, captionId: 'caption b', answer: { kind: 'edit', text: 'In short' } },
        {
          ...photo,
          captionId: null,
          purpose: 'extended',
          answer: { kind: 'edit', text: 'In short, and at length' },
        },
      ],
    });
    expect(second).toMatchObject({ answers: [{ answer: { text: 'Without a prefix' } }] });
  });

  it('answers many as one act', async () => {
    const review = await start();
    review.give(review.open.map((item) => ({ item, answer: { kind: 'erase' } })));
    expect(review.open).toEqual([]);
    await settle();
    expect(engine.callsOf('review/answer')).toHaveLength(1);
    await review.undoLast();
    expect(review.open).toHaveLength(3);
  });

  it('keeps to what is shown, and stays where it is while that is among it', async () => {
    const review = await start();
    review.skip();
    expect(review.current?.id).toBe('a');
    review.show({ show: 'wrong' });
    expect(review.current?.id).toBe('a');
    review.show({ show: 'doubtful' });
    expect(review.current?.id).toBe('c');
    expect(ids(review.allOpen)).toBe('bac');
  });

  it('looks through a website instead, and sends answers about places there', async () => {
    const place = pagePlace({});
    let read = false;
    const review = await start({
      'sites/check': () => ({ folder: '/www', task: 'task' }),
      'sites/review': () =>
        read ? { ...reviewList([reviewItem('d', 0.9, { place })]), pages: 1, problems: [] } : null,
      'sites/answer': () => 'batch of pages',
    });
    await review.checkSite('/somewhere/www');
    expect(review.list).toBeNull();
    read = true;
    const task = siteTask({ state: 'done', endedAt: '2026-01-01T10:01:00Z' });
    engine.emit('tasks/changed', [task]);
    await settle();
    expect(review.current?.id).toBe('d');
    review.answer({ kind: 'decorative' });
    expect(engine.callsOf('sites/answer')).toEqual([
      { folder: '/www', answers: [{ id: 'd', answer: { kind: 'decorative' } }] },
    ]);
    expect(engine.callsOf('review/answer')).toEqual([]);
    await review.lookThrough(null);
    expect(ids(review.queue)).toBe('bac');
  });
});
