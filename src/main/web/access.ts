import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may use the web door: one-time tokens are exchanged for sessions. */
export interface Access {
  /** A new token, for one link. It replaces the one before it if that was never used. */
  issueToken(): string;
  /** Exchanges the token for the secret of a new session; null where it does not fit. */
  redeem(token: string): string | null;
  isSession(secret: string): boolean;
}

/** Tokens and sessions live in memory only: a restart ends them all. */
export function createAccess(): Access {
  let token: Buffer | null = null;
  const sessions: Buffer[] = [];

  return {
    issueToken() {
      const text = randomSecret();
      token = digest(text);
      return text;
    },
    redeem(text) {
      if (!token || !timingSafeEqual(token, digest(text))) return null;
      token = null;
      const secret = randomSecret();
      sessions.push(digest(secret));
      return secret;
    },
    isSession(secret) {
      const wanted = digest(secret);
      return sessions.some((session) => timingSafeEqual(session, wanted));
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
