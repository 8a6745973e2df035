import { BadInput, type Box, noticesBox } from '@day90/infra';

const RULES = ['boxes', 'error-budget', 'requests'];
/** Go keeps up to as much garbage as it has data; and one core is enough to watch a dozen boxes. */
const GO = { GOMAXPROCS: '1', GOMEMLIMIT: '64MiB' };
/** What Prometheus scrapes must be up before it looks, or each start would be an alert. */
const WATCHED = ['app', 'worker', 'relay', 'board', 'nginx', 'exporter'];

/** The channel that stands in for Slack's, and tells that one, too, what only it can say: that nothing watches any more. */
export function toldChannel(port: number): Box {
  const { env, ...box } = noticesBox(port);
  const slack = slackUrl();
  return { ...box, env: { ...env, ...(slack !== undefined && { SLACK_WEBHOOK_URL: slack }) } };
}

/** It must be there before Prometheus: what that could not hand over is tried again only a minute later. */
export function alertmanager(port: number): Box {
  return {
    role: 'alertmanager',
    run: [
      'prometheus-alertmanager',
      '--config.file=${conf}/alertmanager.yml',
      '--storage.path=${data}/alertmanager',
      '--web.listen-address=127.0.0.1:${port:self}',
      '--web.external-url=${url:alertmanager}',
      '--cluster.listen-address=', // there is one of it; else it listens on all addresses for others
      '--log.level=warn',
    ],
    files: { 'alertmanager.yml': 'prometheus/alertmanager.yml', 'slack.tmpl': 'prometheus/slack.tmpl' },
    env: { ...GO, GROUP_INTERVAL: '5s', SLACK_URL: slackUrl() ?? '${url:notices}/services/day90' },
    port,
    ready: { http: '/-/ready' },
    reload: 'SIGHUP',
    after: ['notices'],
  };
}

/** What asks all others how they are, every two seconds, and finds what is wrong. */
export function prometheus(port: number): Box {
  return {
    role: 'prometheus',
    run: [
      'prometheus',
      '--config.file=${conf}/prometheus.yml',
      '--storage.tsdb.path=${data}/prometheus',
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=512MB',
      '--web.listen-address=127.0.0.1:${port:self}',
      '--web.external-url=${url:prometheus}',
      // By it Alertmanager knows that an alert still fires: a Watchdog a minute old is a dead one. One that is over is sent again,
      // too, for 15 minutes, and Alertmanager forgets it with each look at its group. Sent less often than it looks (GROUP_INTERVAL)
      // it would seem new now and then, and the group, where another box is down by now, be told twice.
      '--rules.alert.resend-delay=3s',
      '--log.level=warn',
    ],
    files: {
      'prometheus.yml': 'prometheus/prometheus.yml',
      ...Object.fromEntries(RULES.map((name) => [`${name}.rules.yml`, `prometheus/rules/${name}.rules.yml`])),
    },
    env: { ...GO, SCRAPE_INTERVAL: '2s', RULES: '${conf}/*.rules.yml' },
    port,
    ready: { http: '/-/ready' },
    reload: 'SIGHUP',
    after: ['alertmanager', ...WATCHED],
  };
}

/** The address of the real channel, where it was given. It is a secret: whoever has it can write there. */
function slackUrl(): string | undefined {
  const { SLACK_WEBHOOK_URL: url } = process.env;
  if (url === undefined || url === '') return undefined;
  if (URL.canParse(url) && url.startsWith('https://')) return url;
  throw new BadInput('SLACK_WEBHOOK_URL: an address as Slack gives it, https://hooks.slack.com/services/…');
}
