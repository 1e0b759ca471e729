import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineProgram } from '#main/app/engine-program.ts';

it('is the Node of the project where the app runs from there', () => {
  const { node, entry } = engineProgram({ out: '/m/out', resources: null, platform: 'linux' });
  expect(entry).toBe(join('/m/out', 'main', 'engine.js'));
  expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
});

it.each([
  ['linux', 'node'],
  ['darwin', 'node'],
  ['win32', 'node.exe'],
] as const)('lies in the package on %s, outside the archive', (platform, name) => {
  const program = engineProgram({ out: '/r/app.asar/out', resources: '/r', platform });
  expect(program).toEqual({
    node: join('/r', 'node', name),
    entry: join('/r', 'app.asar.unpacked', 'out', 'main', 'engine.js'),
  });
});
