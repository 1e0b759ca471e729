import { MedleyError } from '#shared/errors.ts';

/** Which hub to ask, and as whom. */
export interface Hub {
  /** Ends with a slash. */
  readonly endpoint: URL;
  /** Sent to the endpoint alone. */
  readonly token: string | null;
}

const publicHub = 'https://huggingface.co';

/**
 * The hub the person named, else the one of HF_ENDPOINT, else the public one; the token is that of
 * HF_TOKEN. Both are the variables that Hugging Face's own tools read.
 *
 * @throws MedleyError `bad-request` when the address is none, or not secure
 */
export function chooseHub(
  named: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Hub {
  const address = named ?? (environment.HF_ENDPOINT || publicHub);
  const endpoint = parseAddress(address.endsWith('/') ? address : `${address}/`);
  if (endpoint === null) {
    throw new MedleyError('bad-request', `${address} is not the address of a hub.`, {
      subject: address,
    });
  }
  requireSecure(endpoint);
  return { endpoint, token: environment.HF_TOKEN || null };
}

/** The address of a file on the web; null for anything else. */
export function parseAddress(text: string): URL | null {
  if (!/^https?:\/\//i.test(text)) return null;
  return URL.canParse(text) ? new URL(text) : null;
}

/**
 * Lets pass what nobody on the way can read or change: https, and plain http to this very machine.
 *
 * @throws MedleyError `bad-request`
 */
export function requireSecure(url: URL): void {
  if (url.username !== '' || url.password !== '') {
    throw new MedleyError('bad-request', 'An address may not hold a password: use HF_TOKEN.', {
      subject: url.host,
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return;
  throw new MedleyError('bad-request', `${url.origin} is not secure: an https address is needed.`, {
    subject: url.origin,
  });
}

/** Whether this address names this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
