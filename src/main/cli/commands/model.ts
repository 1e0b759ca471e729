import type { Command } from 'commander';
import { addModelAddCommand } from './model/add.ts';
import { addModelDownloadCommand } from './model/download.ts';
import { addModelExportCommand } from './model/export.ts';
import { addModelInfoCommand } from './model/info.ts';
import { addModelListCommand } from './model/list.ts';
import { addModelRemoveCommand } from './model/remove.ts';
import { addModelVerifyCommand } from './model/verify.ts';

/** The models of this machine: what can be named after `--model`. */
export function addModelCommand(program: Command): void {
  const command = program
    .command('model')
    .description('list, add, download, check, export and remove models');
  addModelListCommand(command);
  addModelAddCommand(command);
  addModelDownloadCommand(command);
  addModelInfoCommand(command);
  addModelVerifyCommand(command);
  addModelExportCommand(command);
  addModelRemoveCommand(command);
}
