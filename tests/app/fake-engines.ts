import type { EngineProcess } from '#main/engine/process/host.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';

/** An engine process that only records what it is sent, and ends when the test says so. */
export interface FakeEngine {
  readonly options: EngineProcessOptions;
  readonly sent: unknown[];
  /** Whether it was asked to end. */
  asked: boolean;
  die(): void;
}

/** Starts {@link FakeEngine}s in place of processes. */
export function fakeEngines() {
  const started: FakeEngine[] = [];
  return {
    started,
    start: (options: EngineProcessOptions): EngineProcess => {
      let closed = () => {};
      const engine: FakeEngine = { options, sent: [], asked: false, die: () => closed() };
      started.push(engine);
      return {
        transport: {
          send: (message) => engine.sent.push(message),
          listen: (_onMessage, onClose) => (closed = onClose),
        },
        stop: () => (engine.asked = true),
      };
    },
    /** The one started last. */
    current: (): FakeEngine => {
      const engine = started.at(-1);
      if (!engine) throw new Error('No engine was started.');
      return engine;
    },
  };
}
