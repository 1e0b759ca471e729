/** `node webgpu-gradients.ts LOSS...`: how far the gradients of losses on webgpu are from PyTorch's, as JSON. */
import { z } from 'zod';
import { compareGradients, lossNames } from './gradient-losses.ts';

const asked = z.array(z.enum(lossNames)).parse(process.argv.slice(2));
const compared = [];
for (const name of asked) compared.push(await compareGradients(name, 'webgpu'));
process.stdout.write(JSON.stringify(compared));
