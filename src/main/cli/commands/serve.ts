import type { Command } from 'commander';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import {
  addCommonOptions,
  engineOptions,
  wholeNumber,
  type CommonOptions,
} from '../command-options.ts';
import { log, printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly library: string;
  readonly port?: number;
}

export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('serve the interface to a browser on this machine')
    .option('--library <folder>', 'library folder', givenPath, defaultLibraryFolder())
    .option(
      '--port <port>',
      'port on 127.0.0.1 (default: 6335, or any that is free)',
      wholeNumber(0, 65_535),
    );
  addCommonOptions(command).action((options: Options) =>
    runCommand(async (signal) => {
      const { ensureBuilt } = await import('../build-interface.ts');
      const { serveInterface } = await import('../serve-interface.ts');
      await ensureBuilt();
      await serveInterface(
        {
          engine: await engineOptions(command, options),
          port: options.port,
          announce: (url) =>
            printResult({ url, library: options.library }, options.json, () => url),
        },
        signal,
      );
      log('Stopped.');
    }),
  );
}
