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
  /** Once the first results for a text are painted. */
  shown(text: string): Promise<Watched>;
  /** Once photos are being judged for a text. */
  judging(text: string): Promise<void>;
  /** Milliseconds from the last key to the list of completions. */
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
    readonly sent: number;
    answered: number;
    bytes: number;
    firstId: string | null;
    ms: Watched['ms'];
    isJudging: boolean;
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
      const [ms, sent] = [{ embed: 0, shortlist: 0 }, performance.now()];
      calls.set(id, { text, sent, answered: 0, bytes: 0, firstId: null, ms, isJudging: false });
      if (calls.size === 1) listen(this);
    }
    send.call(this, data);
  };

  function listen(socket: WebSocket): void {
    socket.addEventListener('message', ({ data }) => {
      const { id, type, data: state, result } = JSON.parse(String(data));
      const call = calls.get(id);
      const progress = type === 'progress' ? state : result;
      if (call === undefined || !progress) return;
      call.isJudging ||= progress.stage !== 'shortlist';
      if (call.answered > 0) return;
      call.answered = performance.now();
      call.bytes = String(data).length;
      call.firstId = progress.results[0]?.id ?? null;
      call.ms = progress.ms;
    });
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
      const call = await until(() => {
        const found = callFor(text);
        return found !== undefined && found.sent >= pressed && found.answered > 0 && found;
      });
      await until(() => document.querySelector(`[data-index="0"][href$="${call.firstId}"]`));
      const { sent, answered, bytes, ms } = call;
      return { key: pressed, sent, answered, bytes, ms, painted: await painted() };
    },
    async judging(text) {
      await until(() => callFor(text)?.isJudging);
    },
    async completed() {
      await until(() => document.querySelector('[role=listbox] [role=option]'));
      return (await painted()) - key;
    },
  };
}
