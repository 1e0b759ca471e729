/**
 * `node choose-process.ts [DEVICE...]`: the choices for these devices (auto and webgpu when none is
 * named) as JSON on stdout. A process of its own, as drivers are looked up when one starts.
 */
import { probeModels } from '#main/med/graphs/probe.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { toErrorShape } from '#shared/errors.ts';
import { DeviceChoice } from '#shared/schemas/model.ts';

const named = DeviceChoice.array().parse(process.argv.slice(2));
try {
  const statuses = [];
  for (const device of named.length > 0 ? named : (['auto', 'webgpu'] as const)) {
    statuses.push(await chooseDevice({ requested: device }, probeModels()));
  }
  process.stdout.write(JSON.stringify(statuses));
} catch (error) {
  process.stderr.write(JSON.stringify(toErrorShape(error)));
  process.exitCode = 1;
}
