import type { Rig } from '@day90/bench/drill';
import type { MailFault, ReceivedMail } from '@day90/infra';

/** What a mail server has to tell of itself. */
export interface Sink {
  mails: ReceivedMail[];
  refused: Record<'451' | '550', number>;
  /** Mails that it took and did not answer. */
  unanswered: number;
}

/** Has the mail server of a drill's stage do something wrong from now on, or `none`. */
export async function breakMail(rig: Rig, fault: MailFault): Promise<void> {
  rig.mark(`mail: ${fault}`);
  const body = new URLSearchParams({ fault });
  const { status } = await fetch(`${pageOf(rig)}/fault`, { method: 'POST', body, redirect: 'manual' });
  if (status !== 303) throw new Error(`the mail server was told ${fault}, and answered ${status}`);
}

export async function askSink(rig: Pick<Rig, 'instance'>): Promise<Sink> {
  return (await (await fetch(`${pageOf(rig)}/mails.json`)).json()) as Sink;
}

function pageOf({ instance }: Pick<Rig, 'instance'>): string {
  return `http://127.0.0.1:${instance.box('mail').ports.page}`;
}
