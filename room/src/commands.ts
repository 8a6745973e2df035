import type { Action } from './snapshot.ts';

/** What a command is about. */
interface Place {
  stage: string;
  instance: string;
  pid: number | null;
  /** The port that orders are given at. */
  port?: number | undefined;
}

/** Statements that hold up, and let go on, how a replica replays the log. */
export const REPLAY = {
  pause: 'SELECT pg_wal_replay_pause()',
  resume: 'SELECT pg_wal_replay_resume()',
};
const OPERATOR_PASSWORD = `PGPASSWORD=$(node -p "require('./.run/secrets.json')['db-operator']")`;

/** What does the same in a terminal. A box leads its process group, so that a minus before its pid reaches all of it. */
export function commandOf(action: Action, { stage, instance, pid, port }: Place): string {
  const script = (words: string) =>
    `npx -y pnpm --filter ${stage} ${words}${instance === stage ? '' : ` --instance ${instance}`}`;
  const process = pid ?? '<pid>';
  switch (action.do) {
    case 'kill':
      return `kill -KILL -- -${process}`;
    case 'freeze':
      return `kill -STOP -- -${process}`;
    case 'thaw':
      return `kill -CONT -- -${process}`;
    case 'reload':
      return `kill -HUP ${process}`;
    case 'pause':
    case 'resume':
      return `${OPERATOR_PASSWORD} psql -h 127.0.0.1 -p ${port} -U day90_operator day90 -c '${REPLAY[action.do]}'`;
    case 'mail':
      return `curl -d fault=${action.fault} http://127.0.0.1:${port}/fault`;
    case 'scale':
      return script(`scale ${action.box}=${action.count}`);
    case 'roll':
      return script(`roll --box ${action.box}`);
    case 'failover':
      return script('failover');
  }
}
