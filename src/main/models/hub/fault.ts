import { messageOf } from '#shared/errors.ts';

/** What went wrong on the way and may go right the next time. */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** The other side was never reached. */
  readonly offline: boolean;
  /** Milliseconds the server asked to wait. */
  readonly waitMs: number;

  constructor(message: string, options: { offline?: boolean; waitMs?: number } = {}) {
    super(message);
    this.offline = options.offline ?? false;
    this.waitMs = options.waitMs ?? 0;
  }
}

/** System codes of a machine without a way to the other one. */
const unreachable: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Codes of a connection that was there and broke. */
const broken: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
]);

/** The fault in an error of `fetch` or of reading its body; null where trying again is no use. */
export function faultIn(error: unknown, host: string): Fault | null {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (unreachable.has(code)) {
    return new Fault(`${host} cannot be reached (${code})`, { offline: true });
  }
  if (broken.has(code) || code.startsWith('HPE_')) {
    return new Fault(`the connection to ${host} broke off (${code})`);
  }
  return null;
}

/** The reason of an error that is no {@link Fault}, in one line. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === '' ? messageOf(error) : `${messageOf(error)} (${code})`;
}

/** `fetch` keeps the system's code in the cause of its error, or in each of several causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
