/* eslint-disable @typescript-eslint/no-require-imports -- that Electron starts no modules */

// What the default app of an Electron release does, which a packaged program leaves out: it runs the
// app whose folder is the first argument that is no switch.
const { join, resolve } = require('node:path');
const { app } = require('electron');

const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (named === undefined) throw new Error('Name the folder of an app.');
const folder = resolve(named);
const { main, productName } = require(join(folder, 'package.json'));
app.setName(productName);
app.setAppPath(folder);
require(join(folder, main));
