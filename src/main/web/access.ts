import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';

/** Who may use the web door: one-time tokens are exchanged for sessions. */
export interface Access {
  /** A new token, for one link. It replaces the one before it if that was never used. */
  issueToken(): string;
  /** Exchanges the token for the secret of a new session; null where it does not fit. */
  redeem(token: string, port: number): Promise<string | null>;
  isSession(secret: string, port: number): boolean;
}

/** How long a browser stays signed in, in milliseconds. */
export const sessionMs = 7 * 24 * 3600 * 1000;
/** The oldest session ends when there would be more. */
const mostSessions = 32;

const Session = z.object({
  /** SHA-256 of the secret, in hexadecimal: who reads the file cannot sign in with it. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  port: z.int(),
  /** Milliseconds since 1970. */
  expires: z.number(),
});
type Session = z.infer<typeof Session>;
const SessionsFile = z.object({ sessions: z.array(Session) });

/**
 * Sessions outlive a restart of the door on the same port, so that open pages come back; tokens live
 * in memory only.
 * @param file where sessions are kept, readable by its owner alone.
 */
export async function openAccess(file: string): Promise<Access> {
  let token: Buffer | null = null;
  // A damaged file signs everybody out, which is no harm that needs a person.
  const none: z.infer<typeof SessionsFile> = { sessions: [] };
  let { sessions } = await readJsonFile(file, SessionsFile, none).catch(() => none);
  let written: Promise<void> = Promise.resolve();

  const isAlive = ({ expires }: Session) => Date.now() < expires;

  async function keep(): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeJsonFile(file, { sessions }, 0o600);
  }

  return {
    issueToken() {
      const text = randomSecret();
      token = digest(text);
      return text;
    },
    async redeem(text, port) {
      if (!token || !timingSafeEqual(token, digest(text))) return null;
      token = null;
      const secret = randomSecret();
      const session = {
        digest: digest(secret).toString('hex'),
        port,
        expires: Date.now() + sessionMs,
      };
      sessions = [...sessions.filter(isAlive), session].slice(-mostSessions);
      // Where it cannot be written, the session lasts until the door closes.
      written = written.then(keep).catch(() => {});
      await written;
      return secret;
    },
    isSession(secret, port) {
      const wanted = digest(secret);
      return sessions.some(
        (session) =>
          session.port === port &&
          isAlive(session) &&
          timingSafeEqual(Buffer.from(session.digest, 'hex'), wanted),
      );
    },
  };
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Equal lengths for the comparison in constant time, and no secret kept in the clear. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
