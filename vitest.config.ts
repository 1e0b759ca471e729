import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/electron/**'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Waiting is no measurement: a machine with other work to do takes its time.
    expect: { poll: { timeout: 20_000 } },
    // Whatever an engine says in a test is held to the schemas of the API.
    env: { MEDLEY_CHECK_ANSWERS: '1' },
    reporters: ['default', './tests/count-reporter.ts'],
  },
});
