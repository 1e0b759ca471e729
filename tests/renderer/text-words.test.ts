import { describe, expect, it } from 'vitest';
import type { TextEvent } from '#shared/schemas/captions.ts';
import type { ModelInfo } from '#shared/schemas/model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import { altTextField, extendedField, titleOf } from '#shared/text-purpose.ts';
import { decodingWords } from '../../src/renderer/src/format/decoding-words.ts';
import { judgeWords } from '../../src/renderer/src/format/review-words.ts';
import { eventWords } from '../../src/renderer/src/format/text-events.ts';

const settings = { prompt: '', minLength: 1, maxLength: 20, repetitionPenalty: 1 };
const beam: Decoding = { method: 'beam', beams: 3, ...settings };

describe('what became of a text', () => {
  const words = (
    what: TextEvent['what'],
    caption: Partial<TextEvent['caption']>,
    by: string | null = 'person',
  ) =>
    eventWords({
      at: '2026-01-01T10:00:00Z',
      what,
      by,
      shown: true,
      caption: {
        id: 'c',
        text: 'A quay',
        origin: 'person',
        field: null,
        modelId: null,
        decoding: null,
        ...caption,
      },
    });

  it('is told as people would', () => {
    expect(words('written', {}, null)).toBe('You wrote');
    expect(words('written', { origin: 'imported', field: 'XMP-dc:Title' }, null)).toBe(
      'The file said in XMP-dc:Title',
    );
    const machine = { origin: 'machine', modelId: 'starter@1', decoding: beam } as const;
    expect(words('written', machine, null)).toBe('starter wrote (the best of 3 drafts)');
    expect(words('rejected', machine)).toBe('You set aside');
    expect(words('withdrawn', machine)).toBe('You no longer confirmed');
    expect(words('withdrawn', {})).toBe('You erased');
    expect(words('confirmed', machine, 'clean')).toBe('Medley confirmed');
  });

  it('says how a model came to its words', () => {
    expect(decodingWords({ method: 'greedy', ...settings })).toBe('always the likeliest word');
    expect(decodingWords({ method: 'nucleus', topP: 0.9, seed: 7, ...settings })).toBe(
      'drawn from the likely words, number 7',
    );
  });
});

describe('who judges', () => {
  const starter: ModelInfo = {
    id: 'starter@1',
    imageId: 'starter@1',
    name: 'starter',
    folder: '/m',
    roles: { matching: true, captioning: true },
    captioner: null,
    parameters: 1,
    bytes: 1,
    imageSize: 224,
    embeddingSize: 256,
    cosineWeight: 1,
    card: null,
  };

  it('is named, with what proposes, and with a word of caution where both are one', () => {
    expect(judgeWords(starter, [])).toMatch(/^Judged by starter, .*kind to its own words/);
    const captioner = { id: 'large@1', name: 'large', folder: '/l' };
    expect(judgeWords({ ...starter, captioner }, [])).toBe(
      'Judged by starter; large writes the proposals.',
    );
    const roles = { matching: true, captioning: false };
    expect(judgeWords({ ...starter, roles }, [])).toBe('Judged by starter.');
    const trained = { id: 'starter@2', name: 'starter', folder: '/t' };
    const listed = [
      { name: 'starter', folder: '/m' },
      { name: 'starter-captions', folder: '/t' },
    ];
    expect(judgeWords({ ...starter, name: 'starter + starter', captioner: trained }, listed)).toBe(
      'Judged by starter; starter-captions writes the proposals.',
    );
  });
});

describe('what a photo is called', () => {
  const imported = { origin: 'imported', modelId: null, confirmed: false, itm: null } as const;
  const said = (text: string, field: string | null) => ({ ...imported, text, field });

  it('is its caption, else its alt text, else its description, and never an empty one', () => {
    const [extended, alt, caption] = [
      said('at length', extendedField),
      said('in short', `${altTextField}-en`),
      said('beside it', 'IPTC:Headline'),
    ];
    expect(titleOf([extended, alt, caption])).toBe(caption);
    expect(titleOf([extended, alt])).toBe(alt);
    expect(titleOf([said('', altTextField), extended])).toBe(extended);
    expect(titleOf([said('', altTextField)])).toBeUndefined();
  });

  it('is never what a model wrote and does not stand by', () => {
    const machine = {
      ...said('a man in a red shirt', null),
      origin: 'machine',
      modelId: 'm',
    } as const;
    expect(titleOf([{ ...machine, itm: 0.03 }])).toBeUndefined();
    expect(titleOf([{ ...machine, itm: 0.49 }, said('red', altTextField)])?.text).toBe('red');
    expect(titleOf([{ ...machine, itm: 0.5 }])?.text).toBe('a man in a red shirt');
    // Not judged yet, confirmed by a person, or of a person's own making.
    expect(titleOf([machine])).toBe(machine);
    expect(titleOf([{ ...machine, itm: 0.03, confirmed: true }])).toBeDefined();
    expect(titleOf([{ ...said('Aunt Marie', null), itm: 0.03 }])).toBeDefined();
    // What Medley wrote into a file for a model is still the model's.
    expect(titleOf([{ ...machine, origin: 'imported', itm: 0.03 }])).toBeUndefined();
  });
});
