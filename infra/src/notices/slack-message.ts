import { z } from 'zod';

/** Of what Slack's incoming webhooks take, what Alertmanager sends. */
const slackMessage = z.object({
  channel: z.string().optional(),
  text: z.string().optional(),
  attachments: z
    .array(
      z.object({
        title: z.string().default(''),
        title_link: z.string().default(''),
        text: z.string().default(''),
        /** `good`, `warning`, `danger`. */
        color: z.string().default(''),
      }),
    )
    .default([]),
});

/** What one message says. */
export interface SlackText {
  title: string;
  text: string;
  link: string;
  color: string;
}

/**
 * Reads a message as Slack would.
 * @returns Undefined where Slack answers `invalid_payload` or `no_text`.
 * @see https://api.slack.com/reference/messaging/payload
 */
export function readSlackMessage(json: string): SlackText | undefined {
  const message = slackMessage.safeParse(parsed(json)).data;
  const [first] = message?.attachments ?? [];
  const said = {
    title: first?.title ?? '',
    text: first?.text || (message?.text ?? ''),
    link: first?.title_link ?? '',
    color: first?.color ?? '',
  };
  return said.title === '' && said.text === '' ? undefined : said;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
