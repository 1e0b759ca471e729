import { app } from 'electron';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';

/**
 * Keeps Chromium's files out of the default library. On Windows and macOS both would lie in the
 * system's folder for the data of a program called Medley. A library that is there stays where it
 * is: it is the profile that goes elsewhere, and all it holds is the window's place.
 */
export function separateProfile(): void {
  const profile = app.getPath('userData');
  if (profile === defaultLibraryFolder()) app.setPath('userData', `${profile} Window`);
}
