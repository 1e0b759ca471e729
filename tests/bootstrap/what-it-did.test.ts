import { expect, test } from 'vitest';
import { whatItDid } from '#main/bootstrap/what-it-did.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';
import { decideAdoption } from '#main/training/validation/adoption.ts';

/** Photos whose texts are found at a place, and told from others by a margin. */
function found(place: number, margin: number): PhotoScores[] {
  return Array.from({ length: 60 }, (_, i) => ({
    written: null,
    textToPhoto: [i % 2 === 0 ? place : 0],
    reranked: [place],
    photoToText: place,
    own: [margin + (i % 5)],
    others: [i % 5],
  }));
}

test('what is surely better is said also where something else is surely worse', () => {
  expect(whatItDid(decideAdoption('all', found(20, 3), found(0, 1)))).toBe(
    'Cleaning helps in one way and harms in another, on photos kept from training: surely better is mean recall; surely worse is matching AUC.',
  );
});

test.each([
  [
    found(20, 1),
    found(0, 1),
    /^Cleaning helps, .*: surely better is mean recall; chance may have made the difference of matching AUC\.$/,
  ],
  [
    found(0, 1),
    found(20, 1),
    /^Cleaning harms, .*: surely worse is mean recall; chance may .* matching AUC\.$/,
  ],
  [
    found(0, 1),
    found(0, 1),
    /^Cleaning is not shown to help or to harm, .*: chance may have made the difference of mean recall, matching AUC\.$/,
  ],
])('what chance may have made is told from what is sure', (before, after, said) => {
  expect(whatItDid(decideAdoption('all', before, after))).toMatch(said);
});
