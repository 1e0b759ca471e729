/**
 * Unit vectors that lie as those of photos and sentences do in a model: along few directions of all that there are,
 * away from one side, and close together where photos show like things. As measured of 2,288 photos of Flickr8k in the
 * starter, where the nearest other photo has a cosine of 0.83 (here 0.82), the tenth 0.72 (0.72), the hundredth 0.53
 * (0.52), any other 0.16 (0.17), and the nearest photo to a caption 0.69. An index finds the nearest of
 * these far more easily than among vectors that point everywhere.
 */
export interface MadeVectors {
  photo(): Float32Array;
  /** What asks for a photo such as these. */
  sentence(): Float32Array;
}

/** Variances fall by e in so many directions, and are nothing after {@link directions}. */
const decay = 9;
const directions = 96;
/** Cosine of a photo with the mean of all. */
const towardsMean = 0.4;
/** What photos are of: the first of these the most often. */
const topics = 60;
const topicShare = 0.6;
/** Length of the part of a sentence's vector in which no photo lies, for a photo's of 1. */
const outside = 0.72;

/**
 * @param size numbers a vector, a power of two
 * @param random uniform in [0, 1)
 */
export function madeVectors(size: number, random: () => number): MadeVectors {
  const total = Array.from({ length: directions }, (_, i) => Math.exp(-i / decay)).reduce(
    (sum, variance) => sum + variance,
  );
  const spread = Float64Array.from({ length: directions }, (_, i) =>
    Math.sqrt(((1 - towardsMean ** 2) * Math.exp(-i / decay)) / total),
  );
  const signs = Float64Array.from({ length: size }, () => (random() < 0.5 ? -1 : 1));
  const draw = () => spread.map((deviation) => deviation * normal(random));
  const centres = Array.from({ length: topics }, draw);
  const shares = topicShares();

  function photo(): Float32Array {
    const at = random();
    const centre = centres[shares.findIndex((upTo) => at < upTo)];
    const own = draw();
    const vector = new Float64Array(size);
    for (let i = 0; i < directions; i++) {
      vector[i] = Math.sqrt(topicShare) * centre[i] + Math.sqrt(1 - topicShare) * own[i];
    }
    vector[size - 1] = towardsMean;
    return unit(turned(vector, signs));
  }

  function sentence(): Float32Array {
    const noise = unit(Float64Array.from({ length: size }, () => normal(random)));
    return unit(photo().map((x, i) => x + outside * noise[i]));
  }
  return { photo, sentence };
}

/** Where each topic's part of [0, 1] ends. */
function topicShares(): number[] {
  const weights = Array.from({ length: topics }, (_, i) => 1 / Math.sqrt(1 + i));
  const total = weights.reduce((sum, weight) => sum + weight);
  let upTo = 0;
  return weights.map((weight, i) => (i === topics - 1 ? 1 : (upTo += weight / total)));
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Signs and Hadamard's transform, in place: no number of a vector is worth more than another, as in a model. */
function turned(vector: Float64Array, signs: Float64Array): Float64Array {
  for (let i = 0; i < vector.length; i++) vector[i] *= signs[i];
  for (let step = 1; step < vector.length; step *= 2) {
    for (let start = 0; start < vector.length; start += 2 * step) {
      for (let i = start; i < start + step; i++) {
        const [a, b] = [vector[i], vector[i + step]];
        vector[i] = a + b;
        vector[i + step] = a - b;
      }
    }
  }
  return vector;
}

function unit(vector: Float64Array | Float32Array): Float32Array {
  let sum = 0;
  for (const x of vector) sum += x * x;
  const norm = Math.sqrt(sum);
  return Float32Array.from(vector, (x) => x / norm);
}
