/**
 * `node provider-gradients.ts PROVIDER LOSS...`: how far the gradients of losses on a provider are
 * from PyTorch's, as JSON.
 */
import { z } from 'zod';
import { Provider } from '#shared/schemas/model.ts';
import { compareGradients, lossNames } from './gradient-losses.ts';

const provider = Provider.parse(process.argv[2]);
const asked = z.array(z.enum(lossNames)).parse(process.argv.slice(3));
const compared = [];
for (const name of asked) compared.push(await compareGradients(name, provider));
process.stdout.write(JSON.stringify(compared));
