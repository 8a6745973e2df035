import type { SlackText } from './slack-message.ts';

const TIMEOUT_MS = 10_000;

/**
 * Posts a message to an incoming webhook.
 * @returns What went wrong, in one line; undefined when nothing did.
 */
export async function forwardToSlack(url: string, { title, text, color }: SlackText): Promise<string | undefined> {
  const body = JSON.stringify({ attachments: [{ title, text, color, fallback: title }] });
  const headers = { 'Content-Type': 'application/json' };
  try {
    const { status } = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return status === 200 ? undefined : `SLACK_WEBHOOK_URL answered ${status} to "${title}"`;
  } catch (error) {
    return `"${title}" did not reach SLACK_WEBHOOK_URL (${(error as Error).message})`;
  }
}
