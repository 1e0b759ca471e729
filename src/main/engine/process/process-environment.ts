import { availableParallelism } from 'node:os';

/**
 * Threads of Node's pool, which decodes photos and writes thumbnails. It has four unless the variable
 * `UV_THREADPOOL_SIZE` tells it before it starts.
 */
export function threadPoolSize(): string {
  return process.env['UV_THREADPOOL_SIZE'] ?? String(Math.max(4, availableParallelism()));
}

/** The environment to start `process.ts` in. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, UV_THREADPOOL_SIZE: threadPoolSize() };
}
