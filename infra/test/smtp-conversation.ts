import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail with a folded header, and with a line in its body that looks like one. */
export const MAIL =
  'Subject: Welcome,\r\n Ada\r\nMessage-ID: <1@day90.test>\r\nX-Request-Id: req-0001\r\n\r\nSubject: not this one\r\n.';

/** A connection on which SMTP is spoken line by line. */
export interface Conversation {
  socket: Socket;
  /** Resolves with the answer's last line; with `closed` when the connection ends instead. */
  say: (line: string) => Promise<string>;
}

/** Connects and waits for the greeting. */
export async function conversation(port: number): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const value = await answers.next().then(
      (line) => line.value ?? 'closed',
      () => 'closed', // it was reset
    );
    return /^\d{3}-/.test(value) ? answer() : value;
  };
  await answer();
  return {
    socket,
    say: (line) => {
      socket.write(`${line}\r\n`);
      return answer();
    },
  };
}

/** Sends a mail as far as it gets, over its own connection. @returns The last answer: `250 …` when accepted. */
export async function sendMail(port: number, mail = MAIL): Promise<string> {
  const { say, socket } = await conversation(port);
  for (const line of ['EHLO test', 'MAIL FROM:<a@day90.test>', 'RCPT TO:<b@day90.test>', 'DATA']) {
    const answer = await say(line);
    if (!/^[23]/.test(answer)) {
      socket.destroy();
      return answer;
    }
  }
  const answer = await say(mail);
  socket.destroy();
  return answer;
}
