/** The folders in a drop. Only while the drop is told of does a browser know them. */
export function foldersIn(data: DataTransfer | null): File[] {
  return [...(data?.items ?? [])].flatMap((item) => {
    if (item.kind !== 'file' || item.webkitGetAsEntry()?.isDirectory !== true) return [];
    return item.getAsFile() ?? [];
  });
}
