import type { Patient, Section } from './check.ts';
import { deviceChecks } from './device-checks.ts';
import { libraryChecks } from './library-checks.ts';
import { modelChecks } from './model-checks.ts';
import { partChecks } from './part-checks.ts';
import { systemChecks } from './system-checks.ts';

/** Looks at everything Medley needs, a section at a time: a driver may end the process in between. */
export async function* examine(patient: Patient): AsyncGenerator<Section> {
  yield { title: 'System', checks: await systemChecks() };
  yield { title: 'Parts', checks: await partChecks() };
  yield { title: 'Library', checks: await libraryChecks(patient.library) };
  yield { title: 'Devices', checks: await deviceChecks() };
  yield { title: 'Model', checks: await modelChecks(patient) };
}
