import type { Page } from 'playwright-core';

/** Chooses a folder of photos in the dialog that is open. */
export async function chooseFolder(page: Page, folder: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Choose a folder of photos' });
  await dialog.getByText('directly inside').waitFor();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('button', { name: 'Go' }).click();
  await dialog.getByRole('button', { name: 'Use this folder' }).click();
  await dialog.waitFor({ state: 'detached' });
}
