import type { Channel, Snapshot } from '../src/snapshot.ts';

/** Alerts as Prometheus has them, and the notices that came of them. */
export function Alerts({ alerts, channel }: Pick<Snapshot, 'alerts' | 'channel'>) {
  if (alerts.length === 0 && !channel) return null;
  return (
    <section class="panel alerts" aria-label="Alerts and notices">
      <h2>Alerts</h2>
      {alerts.length === 0 && <p>None.</p>}
      <ul>
        {alerts.map(({ name, state, summary }) => (
          <li key={`${name} ${summary}`}>
            <b>{name}</b> ({state}): {summary}
          </li>
        ))}
      </ul>
      {channel && <Notices channel={channel} />}
    </section>
  );
}

function Notices({ channel: { url, received, watchdog, notices } }: { channel: Channel }) {
  return (
    <>
      <h2>Notices</h2>
      <p>
        <a href={url} target="_blank" rel="noreferrer">
          The channel
        </a>{' '}
        has got {received}. The watchdog is {watchdog}.
      </p>
      <ol class="notices">
        {notices.map(({ number, at, title, text }) => (
          <li key={number} value={number}>
            {new Date(at).toLocaleTimeString()} <b>{title}</b> {text}
          </li>
        ))}
      </ol>
    </>
  );
}
