/** Folders that systems and network disks keep for themselves, in lower case; hidden ones are left out anyway. */
const systemFolders = new Set([
  // Synology
  '@eadir',
  '#recycle',
  '#snapshot',
  '@tmp',
  // QNAP
  '@recycle',
  '@recently-snapshot',
  '@sharebin',
  '@__thumb',
  '@__qini',
  // NetApp, other servers
  '~snapshot',
  'network trash folder',
  'temporary items',
  // Windows
  '$recycle.bin',
  'recycler',
  'recycled',
  'recyclebin',
  'recycle.bin',
  'system volume information',
  // Linux, macOS archives
  'lost+found',
  '__macosx',
]);

/**
 * Whether a folder holds what somebody threw away, or copies that a disk keeps of everything, so that
 * none of it belongs to a library.
 */
export function isSystemFolder(name: string): boolean {
  return systemFolders.has(name.toLowerCase());
}

/** Whether the names in a folder are those of a library of Medley. */
export function isLibraryFolder(names: ReadonlySet<string>): boolean {
  return names.has('library.json') && names.has('database') && names.has('library.lock');
}
