import type { Adoption } from '#main/training/validation/adoption.ts';

type Found = Pick<Adoption, 'better' | 'worse' | 'unsure'>;

/**
 * What cleaning did to the models that were trained on the captions: what is better and what worse by more than
 * chance, and what chance may have made, each by name.
 */
export function whatItDid(found: Found): string {
  const { better, worse, unsure } = found;
  const parts = [
    ...(better.length === 0 ? [] : [`surely better is ${better.join(', ')}`]),
    ...(worse.length === 0 ? [] : [`surely worse is ${worse.join(', ')}`]),
    ...(unsure.length === 0 ? [] : [`chance may have made the difference of ${unsure.join(', ')}`]),
  ];
  return `${verdict(found)}, on photos kept from training: ${parts.join('; ')}.`;
}

function verdict({ better, worse }: Found): string {
  const [helps, harms] = [better.length > 0, worse.length > 0];
  if (helps && harms) return 'Cleaning helps in one way and harms in another';
  if (helps) return 'Cleaning helps';
  return harms ? 'Cleaning harms' : 'Cleaning is not shown to help or to harm';
}
