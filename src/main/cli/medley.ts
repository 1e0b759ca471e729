import './thread-pool.ts';
import { Command } from 'commander';
import { addBenchCommand } from './commands/bench.ts';
import { addBootstrapCommand } from './commands/bootstrap.ts';
import { addCaptionCommand } from './commands/caption.ts';
import { addCleanCommand } from './commands/clean.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExportCommand } from './commands/export.ts';
import { addIndexCommand } from './commands/index.ts';
import { addLintCommand } from './commands/lint.ts';
import { addListCommand } from './commands/list.ts';
import { addMatchCommand } from './commands/match.ts';
import { addModelCommand } from './commands/model.ts';
import { addParityCommand } from './commands/parity.ts';
import { addRepairCommand } from './commands/repair.ts';
import { addSearchCommand } from './commands/search.ts';
import { addServeCommand } from './commands/serve.ts';
import { addShowCommand } from './commands/show.ts';
import { addTrainCommand } from './commands/train.ts';
import { addUndoCommand } from './commands/undo.ts';
import { usageError } from './usage-error.ts';

const program = new Command('medley')
  .description('Captions photos and finds them from a sentence, on this machine alone.')
  .configureOutput({ outputError: usageError })
  .showSuggestionAfterError(true);
addIndexCommand(program);
addSearchCommand(program);
addCaptionCommand(program);
addMatchCommand(program);
addEvalCommand(program);
addLintCommand(program);
addListCommand(program);
addShowCommand(program);
addUndoCommand(program);
addRepairCommand(program);
addCleanCommand(program);
addExportCommand(program);
addTrainCommand(program);
addBootstrapCommand(program);
addModelCommand(program);
addServeCommand(program);
addBenchCommand(program);
addDoctorCommand(program);
addParityCommand(program);
await program.parseAsync();
