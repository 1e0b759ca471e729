/** Characters of a list that are written together: each write is waited for. */
const writeFrom = 65_536;

/** Writes to stdout and waits until it is out, so that ending the process cuts nothing off. */
export function print(text: string): Promise<void> {
  return write(`${text}\n`);
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, 2));
}

/** Prints a list as one JSON document, bit by bit: it may be longer than a string can be. */
export async function printJsonList(items: AsyncIterable<unknown>): Promise<void> {
  let text = '[';
  let comma = '';
  for await (const item of items) {
    text += `${comma}\n  ${JSON.stringify(item, null, 2).replaceAll('\n', '\n  ')}`;
    comma = ',';
    if (text.length < writeFrom) continue;
    await write(text);
    text = '';
  }
  await print(comma === '' ? '[]' : `${text}\n]`);
}

/** Prints a result as JSON or, for people, in the words of `describe`. */
export function printResult<T>(
  result: T,
  json: boolean,
  describe: (result: T) => string,
): Promise<void> {
  return json ? printJson(result) : print(describe(result));
}

/** Progress and logs: everything that is not the result. */
export function log(text: string): void {
  process.stderr.write(`${text}\n`);
}
