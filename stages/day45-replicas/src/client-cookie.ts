import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ServerConfig } from '@day90/core';

/** A browser, by a name that says nothing of who sits in front of it, and the position of its last write. */
export interface ClientName {
  id: string;
  position: string;
}

/** As long as a session at most: it is set anew by each login and each write. */
const LIFE_SECONDS = 12 * 3600;
const ID_BYTES = 16;
const FORM = /^([\w-]{22})\.([0-9A-F]{24})\.([\w-]{43})$/;

/** Reads and writes the cookie that names a client. */
export interface ClientCookie {
  /** @returns `undefined` for none, and for one that was not signed here. */
  read(header: string | undefined): ClientName | undefined;
  /** The value of a `Set-Cookie`. */
  write(client: ClientName): string;
}

/** A name that nobody else has. */
export function newClientId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

/** The cookie of an app: signed, so that nobody can ask for a position that there will never be, or move another client's. */
export function clientCookie({ PUBLIC_URL, SESSION_SECRETS }: ServerConfig): ClientCookie {
  const https = PUBLIC_URL.startsWith('https:');
  const name = https ? '__Host-seen' : 'seen';
  const sign = (text: string, secret: string) => createHmac('sha256', secret).update(`${name}=${text}`).digest();
  return {
    read(header) {
      const pair = header?.split(/; ?/).find((one) => one.startsWith(`${name}=`)) ?? '';
      const [, id = '', position = '', signature = ''] = FORM.exec(pair.slice(name.length + 1)) ?? [];
      if (id === '') return undefined;
      const given = Buffer.from(signature, 'base64url');
      const genuine = SESSION_SECRETS.some((secret) => timingSafeEqual(sign(`${id}.${position}`, secret), given));
      return genuine ? { id, position } : undefined;
    },
    write({ id, position }) {
      const text = `${id}.${position}`;
      const signature = sign(text, SESSION_SECRETS[0] as string).toString('base64url');
      const flags = `Max-Age=${LIFE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`;
      return `${name}=${text}.${signature}; ${flags}`;
    },
  };
}
