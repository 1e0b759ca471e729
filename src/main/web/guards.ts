import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Access } from './access.ts';
import { arrivalPage, signInPage } from './sign-in-page.ts';

/** The two names under which a browser on this machine reaches the door. */
function ownHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
}

/**
 * Refuses requests that name another host: after a DNS rebinding a foreign page's requests arrive
 * here, but still carry its own name.
 */
export function requireOwnHost(port: number): MiddlewareHandler {
  const hosts = ownHosts(port);
  return async (c, next) => {
    if (!hosts.has(c.req.header('host') ?? '')) return c.text('Unknown host.', 403);
    return next();
  };
}

/** Refuses WebSockets and anything but reading, unless our own page asks. */
export function requireOwnOrigin(): MiddlewareHandler {
  return async (c, next) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    const upgrades = c.req.header('upgrade') !== undefined;
    const own = `http://${c.req.header('host') ?? ''}`;
    if ((upgrades || !reads) && c.req.header('origin') !== own) {
      return c.text('Unknown origin.', 403);
    }
    return next();
  };
}

/**
 * Lets sessions through. `/?token=...` starts one, once, and leads to `/`, so that the token does
 * not stay in the address bar. A page leads there, not a redirect: who comes from elsewhere, as from
 * the file that opens the browser, would be redirected without the cookie, which is for our own
 * pages only.
 */
export function requireSession(access: Access, port: number): MiddlewareHandler {
  // Cookies are shared by every port of a host, so the name tells servers apart.
  const cookie = `medley-${port}`;
  return async (c, next) => {
    const token = c.req.path === '/' ? c.req.query('token') : undefined;
    const secret = token === undefined ? null : await access.redeem(token, port);
    if (secret !== null) {
      setCookie(c, cookie, secret, { httpOnly: true, sameSite: 'Strict', path: '/' });
      c.header('Cache-Control', 'no-store');
      return c.html(arrivalPage);
    }
    if (!access.isSession(getCookie(c, cookie) ?? '', port)) return refuse(c, cookie);
    return token === undefined ? next() : c.redirect('/', 303);
  };
}

function refuse(c: Context, cookie: string): Response {
  if (getCookie(c, cookie) !== undefined) deleteCookie(c, cookie);
  c.header('Cache-Control', 'no-store');
  return c.html(signInPage, 401);
}
