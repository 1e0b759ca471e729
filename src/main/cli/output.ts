/** Writes to stdout and waits until it is out, so that ending the process cuts nothing off. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, 2));
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
