/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file damaged in one to four ways: bits flipped, its end cut, parts moved, lengths overwritten. */
export function mutate(seed: Buffer, random: () => number): Buffer {
  const below = (count: number) => Math.floor(random() * count);
  let bytes: Buffer = Buffer.from(seed);
  const ways = [
    () => {
      // Headers decide more than pixels do.
      const at = below(random() < 0.5 ? Math.min(bytes.length, 256) : bytes.length);
      bytes[at] ^= 1 << below(8);
    },
    () => (bytes = bytes.subarray(0, 1 + below(bytes.length))),
    () => {
      const part = bytes.subarray(below(bytes.length)).subarray(0, 1 + below(64));
      const at = below(bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
    },
    () => {
      const values = [0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff];
      const value = values[below(values.length)] ?? 0;
      if (bytes.length >= 4) bytes.writeUInt32BE(value, below(bytes.length - 3));
    },
    () => bytes.fill(0, below(bytes.length)),
  ];
  for (let left = 1 + below(4); left > 0; left -= 1) ways[below(ways.length)]?.();
  return bytes;
}
