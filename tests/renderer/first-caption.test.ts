import { expect, it } from 'vitest';
import type { Caption } from '#shared/schemas/photos.ts';
import { firstCaptionOf } from '../../src/renderer/src/format/first-caption.ts';

const caption: Caption = {
  id: 'a',
  text: 'a boat in a harbour',
  origin: 'machine',
  field: null,
  file: null,
  modelId: 'starter@1',
  decoding: null,
  itm: 0.9,
  itmModelId: 'starter@1',
  createdAt: '2026-01-01T00:00:00Z',
  confirmed: false,
};
const said: Caption = { ...caption, id: 'b', text: 'Nagasaki', origin: 'imported', modelId: null };

it("shows the model's caption, also beside one that the photo brings along", () => {
  expect(firstCaptionOf([caption])).toEqual({ own: null, written: caption, unsure: false });
  expect(firstCaptionOf([said, caption])).toEqual({ own: said, written: caption, unsure: false });
});

it('shows what is there before the model has written anything', () => {
  expect(firstCaptionOf([])).toEqual({ own: null, written: null, unsure: false });
  expect(firstCaptionOf([said])).toEqual({ own: said, written: null, unsure: false });
});

it('says where the model does not stand by its words, unless a person does', () => {
  const doubted = { ...caption, itm: 0.2 };
  expect(firstCaptionOf([doubted]).unsure).toBe(true);
  expect(firstCaptionOf([{ ...doubted, confirmed: true }]).unsure).toBe(false);
});

it("does not take a file's repetition of a model's words for those of people where the model doubts them", () => {
  const repeated = { ...said, text: caption.text, modelId: 'starter@1', itm: 0.2 };
  expect(firstCaptionOf([repeated, caption]).own).toBeNull();
});
