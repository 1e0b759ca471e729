import './thread-pool.ts';
import { Command } from 'commander';
import { addBenchCommand } from './commands/bench.ts';
import { addCaptionCommand } from './commands/caption.ts';
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
import { addUndoCommand } from './commands/undo.ts';

const program = new Command('medley')
  .description('Captions photos and finds them from a sentence, on this machine alone.')
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
addExportCommand(program);
addModelCommand(program);
addServeCommand(program);
addBenchCommand(program);
addDoctorCommand(program);
addParityCommand(program);
await program.parseAsync();
