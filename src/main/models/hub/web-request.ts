import { MedleyError } from '#shared/errors.ts';
import { isLoopback, requireSecure, type Hub } from './endpoint.ts';
import { Fault, faultIn, reasonOf } from './fault.ts';

export interface WebRequest {
  /** What is asked for, in words for the person. */
  readonly what: string;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const answerMs = 30_000;
const mostRedirects = 8;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for an address, and follows where it leads: to secure addresses only, and with the token to
 * the hub's own origin only, for a hub hands its large files over to other hosts.
 *
 * @returns a response with a status of 200 to 299, or 416
 * @throws {Fault} what may go right the next time
 * @throws MedleyError `download-failed`, `offline` or `bad-request`: what will not
 */
export async function request(hub: Hub, url: URL, options: WebRequest): Promise<Response> {
  let target = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    requireSecure(target);
    const response = await ask(hub, target, options);
    if (!redirects.has(response.status)) return acceptable(response, target, hub, options.what);
    await response.body?.cancel();
    target = redirectOf(response, target);
  }
  throw new MedleyError('download-failed', `${url.host} redirects without end.`, {
    subject: url.href,
  });
}

/**
 * Asks for something small, within half a minute.
 * @param read takes what it needs from the response
 * @throws what {@link request} throws
 */
export async function answerOf<T>(
  hub: Hub,
  url: URL,
  options: WebRequest,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(answerMs)]);
  try {
    return await read(await request(hub, url, { ...options, signal }));
  } catch (error) {
    options.signal.throwIfAborted();
    if (signal.aborted) throw new Fault(`${url.host} does not answer`);
    throw faultIn(error, url.host) ?? error;
  }
}

async function ask(hub: Hub, url: URL, options: WebRequest): Promise<Response> {
  const own = url.origin === hub.endpoint.origin;
  try {
    return await fetch(url, {
      method: options.method ?? 'GET',
      headers: {
        // Lengths and ranges are those of the file, not of a compressed form of it.
        'accept-encoding': 'identity',
        'user-agent': 'medley',
        ...options.headers,
        ...(own && hub.token !== null ? { authorization: `Bearer ${hub.token}` } : {}),
      },
      redirect: 'manual',
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const fault = faultIn(error, url.host);
    if (fault) throw fault;
    throw new MedleyError('download-failed', `${url.host}: ${reasonOf(error)}.`, {
      subject: url.href,
      cause: error,
    });
  }
}

function redirectOf(response: Response, from: URL): URL {
  const location = response.headers.get('location') ?? '';
  if (!URL.canParse(location, from.href)) {
    throw new Fault(`${from.host} redirects to no address`);
  }
  const to = new URL(location, from);
  // Else a hub could have this machine ask its own services.
  if (isLoopback(to) && !isLoopback(from)) {
    throw new MedleyError('download-failed', `${from.host} redirects to this machine.`, {
      subject: from.href,
    });
  }
  return to;
}

async function acceptable(response: Response, url: URL, hub: Hub, what: string): Promise<Response> {
  const { status } = response;
  if (response.ok || status === 416) return response;
  await response.body?.cancel();
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const waitMs = retryAfter(response.headers.get('retry-after'));
    throw new Fault(`${url.host} answers ${status}`, { waitMs });
  }
  throw new MedleyError(
    'download-failed',
    refusal(status, `${what}: ${url.host} answers ${status}`, hub),
    { subject: url.href },
  );
}

function refusal(status: number, answer: string, hub: Hub): string {
  if (status === 401 || status === 403) {
    // The hub answers 401 for what does not exist too, lest names of private models leak.
    return hub.token === null
      ? `${answer}. It is not there, or not public: check the name, or set HF_TOKEN.`
      : `${answer}. The account of HF_TOKEN may not read it, or it is not there.`;
  }
  if (status === 404 || status === 410) return `${answer}. It is not there: check the name.`;
  return `${answer}.`;
}

/** Milliseconds of a Retry-After header: seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | null, now = Date.now()): number {
  if (value === null) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
