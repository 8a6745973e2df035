import { afterEach, describe, expect, it } from '@jest/globals';
import { watch } from 'stage-7/boxes';

const before = process.env.SLACK_WEBHOOK_URL;
afterEach(() => {
  if (before === undefined) delete process.env.SLACK_WEBHOOK_URL;
  else process.env.SLACK_WEBHOOK_URL = before;
});

describe('the channel', () => {
  it('is the one that stands in, unless another one is told', () => {
    delete process.env.SLACK_WEBHOOK_URL;
    const { alertmanager, notices } = watch(17_061);
    expect(alertmanager.env?.SLACK_URL).toBe('${url:notices}/services/day90');
    expect(notices.env).not.toHaveProperty('SLACK_WEBHOOK_URL');
  });

  it("is Slack's for what Alertmanager says, and for what only the one that stands in can say", () => {
    process.env.SLACK_WEBHOOK_URL = 'https://hooks.slack.example/services/T/B/x';
    const { alertmanager, notices } = watch(17_061);
    expect([alertmanager.env?.SLACK_URL, notices.env?.SLACK_WEBHOOK_URL]).toEqual([
      'https://hooks.slack.example/services/T/B/x',
      'https://hooks.slack.example/services/T/B/x',
    ]);
  });

  it.each(['hooks.slack.com/services/T/B/x', 'http://hooks.slack.com/x', 'secret'])(
    'is refused where its address is none, which is not repeated: %s',
    (url) => {
      process.env.SLACK_WEBHOOK_URL = url;
      expect(() => watch(17_061)).toThrow(
        new Error('SLACK_WEBHOOK_URL: an address as Slack gives it, https://hooks.slack.com/services/…'),
      );
    },
  );
});

describe('an alert that is over', () => {
  it('is sent again before Alertmanager looks at its group the next time', () => {
    const { alertmanager, prometheus } = watch(17_061);
    const secondsIn = (text: unknown) => Number(/(\d+)s$/.exec(String(text))?.[1]);
    const flag = prometheus.run?.find((word) => word.startsWith('--rules.alert.resend-delay='));
    const evaluated = secondsIn(prometheus.env?.SCRAPE_INTERVAL);
    // Only evaluations send, and the first one that is later than the delay.
    const sent = (Math.floor(secondsIn(flag) / evaluated) + 1) * evaluated;
    expect(sent).toBeLessThan(secondsIn(alertmanager.env?.GROUP_INTERVAL));
  });
});
