/** An observation of logistic regression. */
export interface Observation {
  readonly features: readonly number[];
  readonly happened: boolean;
  readonly weight: number;
}

const rounds = 100;
/** Keeps weights finite where the observations can be told apart entirely. */
const ridge = 1e-6;

/**
 * The weights of features whose sum is the log-odds of what happened, by Newton's method. There is no constant
 * unless a feature is one.
 *
 * @param notNegative places of features whose weight may not be below 0; one that would be is 0
 */
export function fitLogistic(
  observations: readonly Observation[],
  notNegative: readonly number[],
): number[] {
  const count = observations[0].features.length;
  let free = Array.from({ length: count }, (_, place) => place);
  for (;;) {
    const fitted = fitFree(observations, free);
    const below = free.filter((place, i) => fitted[i] < 0 && notNegative.includes(place));
    if (below.length === 0) {
      const weights = new Array<number>(count).fill(0);
      free.forEach((place, i) => {
        weights[place] = fitted[i];
      });
      return weights;
    }
    free = free.filter((place) => !below.includes(place));
  }
}

/** The log-likelihood, natural, of what happened under these weights of features. */
export function logLikelihood(
  observations: readonly Observation[],
  weights: readonly number[],
): number {
  return observations.reduce((sum, { features, happened, weight }) => {
    const odds = features.reduce((all, value, i) => all + value * weights[i], 0);
    return sum - weight * Math.log1p(Math.exp(happened ? -odds : odds));
  }, 0);
}

function fitFree(observations: readonly Observation[], free: readonly number[]): number[] {
  let weights = free.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const gradient = weights.map((weight) => -ridge * weight);
    const curvature = free.map((_, i) => free.map((__, j) => (i === j ? ridge : 0)));
    for (const { features, happened, weight } of observations) {
      const x = free.map((place) => features[place]);
      const odds = x.reduce((sum, value, i) => sum + value * weights[i], 0);
      const chance = 1 / (1 + Math.exp(-odds));
      x.forEach((value, i) => {
        gradient[i] += weight * (Number(happened) - chance) * value;
        x.forEach((other, j) => {
          curvature[i][j] += weight * chance * (1 - chance) * value * other;
        });
      });
    }
    const step = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + step[i]);
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  return weights;
}

/** Solves a system of linear equations by elimination with the largest pivot. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column]));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let other = 0; other < rows.length; other++) {
      if (other === column) continue;
      const factor = rows[other][column] / rows[column][column];
      rows[other] = rows[other].map((value, i) => value - factor * rows[column][i]);
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}
