import { app } from 'electron';

/**
 * What Chromium would do on the network by itself, switched off: the updater of its components,
 * reports of failed domains and of crashes, pings of links, the guess at names a page might ask for.
 */
const switches = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-breakpad',
  'disable-client-side-phishing-detection',
  'disable-sync',
  'no-pings',
  'dns-prefetch-disable',
];

/**
 * Keeps Chromium on this machine: nothing of it may look up a name, whatever a page manages to ask
 * for. To be called before the app is ready. The engine, where model downloads run, is a process of
 * Node and looks names up itself. Electron's crash reporter is never started.
 * @param developmentServer the address of the bundler's development server, whose name must be found.
 */
export function keepChromiumLocal(developmentServer: string | undefined): void {
  for (const name of switches) app.commandLine.appendSwitch(name);
  if (developmentServer) return;
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // Discovery of a proxy asks the network.
  app.commandLine.appendSwitch('no-proxy-server');
}
