import { protocol, type Session } from 'electron';
import { respondWithPhoto, type PhotoResolver } from '#main/web/photo-files.ts';
import type { InterfaceFiles } from '#main/web/interface-files.ts';
import { contentSecurityPolicy, securityHeaders } from '#main/web/security-headers.ts';
import { photoScheme } from '#shared/desktop.ts';
import { appOrigin, appScheme, isOfInterface } from './interface-origin.ts';

/** Declares our schemes; Electron asks for that before the app is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
    { scheme: photoScheme, privileges: { standard: true, secure: true, stream: true } },
  ]);
}

/** Serves the interface as `app://medley/...`, under the same policy as the web door. */
export function handleInterface(session: Session, files: InterfaceFiles): void {
  const policy = contentSecurityPolicy([`${photoScheme}:`]);
  session.protocol.handle(appScheme, async (request) => {
    if (request.method !== 'GET' || !isOfInterface(appOrigin, request.url)) return refused();
    const response = await files.respond(new URL(request.url).pathname);
    if (!response) return refused();
    for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
    response.headers.set('Content-Security-Policy', policy);
    return response;
  });
}

/** Serves photos as `photo://RENDITION/ID?v=VERSION`. */
export function handlePhotos(session: Session, engine: PhotoResolver): void {
  session.protocol.handle(photoScheme, async (request) => {
    if (request.method !== 'GET') return refused();
    const { host, pathname, searchParams } = new URL(request.url);
    const response = await respondWithPhoto(engine, host, pathname.slice(1), {
      ifNoneMatch: request.headers.get('If-None-Match'),
      versioned: searchParams.has('v'),
    });
    // Photos have another origin than the page that shows them. No other page can run here.
    response.headers.set('Cross-Origin-Resource-Policy', 'cross-origin');
    return response;
  });
}

function refused(): Response {
  return new Response(null, { status: 404, headers: { 'Cache-Control': 'no-store' } });
}
