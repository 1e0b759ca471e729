/**
 * `node webgpu-process.ts CHECKPOINT COUNT`: what the checkpoint says on webgpu of the first COUNT
 * parity photos, as JSON on stdout.
 */
import { measure, readExpected } from './answers.ts';

const [folder, count] = process.argv.slice(2);
const measured = await measure(
  folder,
  'webgpu',
  readExpected('tiny-model').slice(0, Number(count)),
);
process.stdout.write(JSON.stringify(measured));
