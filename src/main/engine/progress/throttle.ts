export interface Throttled {
  /** Asks for a run: now when the last is long enough ago, else as soon as it is. */
  (): void;
  /** Runs what is still waiting and accepts nothing more. */
  close(): void;
}

/** Runs `action` at most once every `intervalMs`, and always once after the last request. */
export function throttle(action: () => void, intervalMs: number): Throttled {
  let last = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const run = () => {
    timer = null;
    last = performance.now();
    action();
  };
  const request = () => {
    if (closed || timer) return;
    const wait = last + intervalMs - performance.now();
    if (wait <= 0) run();
    else timer = setTimeout(run, wait);
  };
  const close = () => {
    closed = true;
    if (!timer) return;
    clearTimeout(timer);
    run();
  };
  return Object.assign(request, { close });
}
