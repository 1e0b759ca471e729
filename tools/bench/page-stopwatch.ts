/** What is known of one text that was typed, in milliseconds of the page's clock. */
export interface Watched {
  /** When the last key went down. */
  readonly key: number;
  /** When the engine was asked. */
  readonly sent: number;
  /** When its first answer was there, and how large that was. */
  readonly answered: number;
  readonly bytes: number;
  /** When what it found stood on the page. */
  readonly painted: number;
  /** What the engine spent. */
  readonly ms: { readonly embed: number; readonly shortlist: number };
}

export interface Stopwatch {
  /** Once the first results for a text are painted whose last key is still to come. */
  shown(text: string): Promise<Watched>;
  /** Once photos are being judged for a text. */
  judging(text: string): Promise<void>;
  /** Milliseconds from the last key to the list of what could stand there. */
  completed(): Promise<number>;
}

declare global {
  interface Window {
    stopwatch: Stopwatch;
  }
}

/** Runs in the page, before all else there, and watches its keys, its socket and what it shows. */
export function stopwatch(): void {
  interface Call {
    readonly text: string;
    readonly key: number;
    readonly sent: number;
    isJudging: boolean;
    /** Null until there is an answer. */
    shown: Promise<Watched> | null;
  }
  const calls = new Map<number, Call>();
  let key = 0;
  window.addEventListener('keydown', (event) => (key = event.timeStamp), true);

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const message: unknown = JSON.parse(String(data));
    const { id, method, params } = message as {
      id: number;
      method?: string;
      params?: { query: { text?: string } };
    };
    if (method === 'search/run') {
      const text = params?.query.text ?? '';
      calls.set(id, { text, key, sent: performance.now(), isJudging: false, shown: null });
      if (calls.size === 1) listen(this);
    }
    send.call(this, data);
  };

  function listen(socket: WebSocket): void {
    socket.addEventListener('message', ({ data, timeStamp }) => {
      const { id, type, data: state, result } = JSON.parse(String(data));
      const call = calls.get(id);
      const progress = type === 'progress' ? state : result;
      if (call === undefined || !progress) return;
      call.isJudging ||= progress.stage !== 'shortlist';
      // The time of the message, for the page has rendered it by now.
      call.shown ??= watch(call, progress, { answered: timeStamp, bytes: String(data).length });
    });
  }

  async function watch(
    { key, sent }: Call,
    { results, ms }: { results: { id: string }[]; ms: Watched['ms'] },
    answer: Pick<Watched, 'answered' | 'bytes'>,
  ): Promise<Watched> {
    await until(() => document.querySelector(`[data-index="0"][href$="${results[0]?.id}"]`));
    return { key, sent, ...answer, ms, painted: await painted() };
  }

  async function until<T>(look: () => T | null | undefined | false): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  const callFor = (text: string) => [...calls.values()].findLast((call) => call.text === text);
  const painted = () =>
    new Promise<number>((resolve) =>
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))),
    );

  window.stopwatch = {
    async shown(text) {
      const pressed = key;
      return await until(() => {
        const call = callFor(text);
        return call !== undefined && call.key > pressed && call.shown;
      });
    },
    async judging(text) {
      await until(() => callFor(text)?.isJudging);
    },
    async completed() {
      // The names of fields come before; values have a count.
      await until(() => document.querySelector('[role=option] .count'));
      return (await painted()) - key;
    },
  };
}
