import { threadPoolSize } from '#main/engine/process/process-environment.ts';

// For the commands that open a library in this process. Windows looks at it before the program runs.
process.env['UV_THREADPOOL_SIZE'] = threadPoolSize();
