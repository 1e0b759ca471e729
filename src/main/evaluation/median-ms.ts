/** The median time of a call in milliseconds, over `seconds` and at least three calls, after one to warm up. */
export async function medianMs(call: () => Promise<unknown>, seconds: number): Promise<number> {
  await call();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}
