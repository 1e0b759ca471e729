import type { Adoption } from '#main/training/validation/adoption.ts';

/**
 * What cleaning did to the models that were trained on the captions: what is better and what worse by more than
 * chance, and what chance may have made, each by name.
 */
export function whatItDid({
  better,
  worse,
  unsure,
}: Pick<Adoption, 'better' | 'worse' | 'unsure'>) {
  const verdict =
    better.length === 0
      ? worse.length === 0
        ? 'Cleaning is not shown to help or to harm'
        : 'Cleaning harms'
      : worse.length === 0
        ? 'Cleaning helps'
        : 'Cleaning helps in one way and harms in another';
  const found = [
    ...(better.length === 0 ? [] : [`surely better is ${better.join(', ')}`]),
    ...(worse.length === 0 ? [] : [`surely worse is ${worse.join(', ')}`]),
    ...(unsure.length === 0 ? [] : [`chance may have made the difference of ${unsure.join(', ')}`]),
  ];
  return `${verdict}, on photos kept from training: ${found.join('; ')}.`;
}
