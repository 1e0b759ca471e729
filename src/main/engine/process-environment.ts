import { availableParallelism } from 'node:os';

/**
 * The environment to start `process.ts` in. Node's thread pool decodes photos and writes thumbnails,
 * and has four threads unless it is told before it starts.
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return { UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())), ...process.env };
}
