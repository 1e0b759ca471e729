/** `node webgpu-official.ts CHECKPOINT...`: how far each is from its reference on webgpu, as JSON. */
import { parity } from '#main/evaluation/parity.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { Compared } from './compared.ts';

const compared: Compared = [];
for (const folder of process.argv.slice(2)) {
  const model = await loadModel({ folder, device: 'webgpu', dtype: 'f32' });
  const { outputs, sequences } = await parity(model);
  compared.push({
    folder,
    provider: model.device.provider,
    worst: Math.max(...outputs.map(({ maxAbs }) => maxAbs)),
    sequences: sequences.map(({ identical }) => identical),
  });
  await model.dispose();
}
process.stdout.write(JSON.stringify(compared));
