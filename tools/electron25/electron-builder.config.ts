/**
 * Medley packaged with the Electron of fetch.ts, to try a package where no current Electron can be
 * had: as electron-builder.config.ts, but for what that Electron cannot run and the one fuse it has
 * not yet. For use after build.ts.
 */
import type { Configuration } from 'electron-builder';
import configuration from '../../electron-builder.config.ts';

const electronFuses = { ...configuration.electronFuses };
delete electronFuses.grantFileProtocolExtraPrivileges;

const old: Configuration = {
  ...configuration,
  electronFuses,
  electronVersion: '25.1.1',
  extraMetadata: { main: 'out/main/app.cjs' },
  files: [
    ...[configuration.files ?? []].flat().filter((pattern) => pattern !== 'out/renderer/**'),
    { from: 'out/electron25/out', to: 'out', filter: ['main/app.cjs', 'renderer/**'] },
  ],
};

export default old;
