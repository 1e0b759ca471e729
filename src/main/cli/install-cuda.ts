import { Command, InvalidArgumentError, Option } from 'commander';
import { probeModels } from '#main/med/graphs/probe.ts';
import { parseAddress } from '#main/models/hub/endpoint.ts';
import {
  cudaLibraries,
  onnxRuntimeFolder,
  onnxRuntimeVersion,
} from '#main/runtime/onnx-runtime-files.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { remedyFor } from '#main/runtime/remedies.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { chooseCuda, cudaHere } from './cuda/cuda-version.ts';
import { downloadAndInstall, installFrom, removeCuda, type Installation } from './cuda/install.ts';
import { publicIndexes, type CudaMajor } from './cuda/provider-package.ts';
import { log, print } from './output.ts';
import { givenPath } from './project-paths.ts';
import { runCommand } from './run-command.ts';

interface Options {
  readonly cuda?: CudaMajor;
  readonly from?: string;
  readonly index?: URL;
  readonly folder: string;
  readonly remove: boolean;
}

/** What `npm run install:cuda` does: the one step that lets ONNX Runtime use CUDA. */
async function run(options: Options, signal: AbortSignal): Promise<void> {
  const libraries = cudaLibraries[process.platform];
  if (!libraries || process.arch !== 'x64') {
    throw new MedleyError('device-unavailable', 'ONNX Runtime has CUDA on Linux x64 only.');
  }
  const { folder } = options;
  const to: Installation = { libraries, folder, version: onnxRuntimeVersion, signal, log };
  if (options.remove) {
    const removed = await removeCuda(to);
    return print(removed.length > 0 ? `Removed ${removed.join(', ')}.` : 'Nothing was installed.');
  }
  if (options.from === undefined) {
    const cuda = options.cuda ?? chooseCuda(await cudaHere());
    log(`ONNX Runtime ${onnxRuntimeVersion} for CUDA ${cuda}.`);
    const endpoint = options.index ?? new URL(publicIndexes[cuda]);
    await downloadAndInstall(cuda, { endpoint, token: null }, to);
  } else {
    await installFrom(options.from, to);
  }
  await print(await outcome());
}

/** Whether CUDA works now, and what it still lacks. */
async function outcome(): Promise<string> {
  try {
    const { candidates } = await chooseDevice({ requested: 'cuda' }, probeModels());
    return `CUDA works: ${candidates.find(({ provider }) => provider === 'cuda')?.detail ?? ''}`;
  } catch (error) {
    return `Installed, but CUDA does not work yet. ${(await remedyFor('cuda')) ?? messageOf(error)}`;
  }
}

function parseIndex(text: string): URL {
  const address = parseAddress(text);
  if (address !== null) return address;
  throw new InvalidArgumentError('It takes the address of an index.');
}

await new Command('install:cuda')
  .description("put ONNX Runtime's CUDA provider beside it, from its official package")
  .addOption(
    new Option('--cuda <version>', 'major version of CUDA (default: what is found here)')
      .choices(['12', '13'])
      .argParser((text): CudaMajor => {
        if (text === '12') return 12;
        if (text === '13') return 13;
        throw new InvalidArgumentError('It takes 12 or 13.');
      }),
  )
  .option('--from <file>', 'a .whl or .nupkg that was downloaded before', givenPath)
  .option('--index <address>', 'another index: of Python for 13, of NuGet for 12', parseIndex)
  .option('--folder <folder>', 'where to put it', givenPath, onnxRuntimeFolder())
  .option('--remove', 'take it away again', false)
  .action((options: Options) => runCommand((signal) => run(options, signal)))
  .parseAsync();
