import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { isCommonPassword } from './common-passwords.ts';
import type { Cursor } from './domain.ts';

extendZodWithOpenApi(z);

const LARGEST_ID = 2n ** 63n - 1n;
/** Printable text on one line: a line break in a name or an address could add a header to a mail or forge a log line. */
const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
    .regex(/^[^\u0000-\u001f\u007f\u2028\u2029]*$/, 'must not hold control characters');
/** Postgres can't store U+0000 in a text, and nobody types it. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\u0000'), 'must not hold U+0000');

/** Decimal digits of a positive 64-bit integer: anything else names no row there could ever be. */
export const idSchema = z
  .string()
  .regex(/^[1-9]\d{0,18}$/)
  // Asked also when the pattern has failed already, and `BigInt` throws at anything else than digits.
  .refine((id) => /^\d+$/.test(id) && BigInt(id) <= LARGEST_ID)
  .openapi({ example: '42' });

/** A cursor travels as `<createdAt>_<id>`; it is opaque to clients, and names a place even when its row is gone. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,15}_[1-9]\d{0,18}$/, 'is no cursor: send back `next` of a page as it came')
  .transform((cursor): Cursor => {
    const [createdAt = '', id = ''] = cursor.split('_');
    return { createdAt: Number(createdAt), id };
  })
  .openapi({ type: 'string', example: '1767225600000_42' });

/** The cursor of the page that follows the item given. */
export function cursorAfter(item: { createdAt: string; id: string }): string {
  return `${Date.parse(item.createdAt)}_${item.id}`;
}

export const idParams = z.object({ id: idSchema });
export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .default(20)
    .openapi({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  before: cursorSchema.optional(),
});

/** Also what keeps a path from leading anywhere else: no other character than these reaches a store. The number is that of a smaller copy. */
export const imageName = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-(320|960))?\.webp$/)
  .openapi({ example: '00000000-0000-4000-8000-000000000000.webp' });
export const imageParams = z.object({ name: imageName });
export const uploadSchema = z
  .strictObject({ url: z.url(), width: z.int().positive(), height: z.int().positive() })
  .openapi('Upload');

const authorSchema = z.strictObject({ id: idSchema, name: z.string(), avatarUrl: z.string() }).openapi('Author');
export const postSchema = z
  .strictObject({
    id: idSchema,
    title: z.string(),
    body: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    views: z.int().nonnegative(),
    author: authorSchema,
  })
  .openapi('Post');
export const userSchema = z
  .strictObject({ id: idSchema, name: z.string(), avatarUrl: z.string(), createdAt: z.iso.datetime() })
  .openapi('User');
// Not `extend`: that one becomes `allOf` in the document, where two strict objects refuse each other's keys.
export const meSchema = z.strictObject({ ...userSchema.shape, email: z.string() }).openapi('Me');
const next = z.string().nullable();
export const postPageSchema = z
  .strictObject({ items: z.array(postSchema), next, partial: z.literal(true).optional() })
  .openapi('PostPage');
export const userPageSchema = z.strictObject({ items: z.array(userSchema), next }).openapi('UserPage');

const email = z
  .string()
  .max(254)
  .transform((address) => address.toLowerCase())
  .pipe(z.email())
  .openapi({ type: 'string', format: 'email', maxLength: 254 });

export const signupBody = z
  .strictObject({
    name: oneLine(100),
    email,
    /** Length and a list of the most used ones, no rules of composition (ASVS 5.0, 6.2). */
    password: z
      .string()
      .min(8)
      .max(128)
      .refine((password) => !isCommonPassword(password), 'is one of the most used passwords'),
    invitedBy: idSchema.optional(),
  })
  .openapi('Signup');
export const loginBody = z.strictObject({ email, password: z.string().min(1).max(128) }).openapi('Login');
export const newPostBody = z.strictObject({ title: oneLine(200), body: text(20_000) }).openapi('NewPost');
export const postChangesBody = z
  .strictObject({ title: oneLine(200).optional(), body: text(20_000).optional() })
  .refine((changes) => changes.title !== undefined || changes.body !== undefined, 'needs a title or a body')
  .openapi('PostChanges');

/** The same for a known and an unknown address, so that signing up does not tell who is a member. */
export const signupAnswer = z.strictObject({ message: z.literal('Check your mail.') }).openapi('SignupAnswer');

/** RFC 9457, with a code for programs and the request's id for whoever asks for help. */
export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');
