import { type Box, findProgram } from '@day90/infra';
import { nginx } from '../src/boxes.ts';

/** `exec`: nginx takes the shell's place, and with it the launcher's signals. */
const EDIT_AND_BE_NGINX = 'sed -i.stage -e "$1" "$2/nginx.conf" && exec "$3" -e stderr -p "$2" -c nginx.conf';

/**
 * nginx on the stage's own configuration but for some edits: a copy of the template would fall behind it.
 * @param edits - Commands of sed. One that finds nothing changes nothing, and a mutant made by it then passes its drill.
 */
export function editedNginx(port: number, edits: string[]): Box {
  const program = findProgram('nginx') ?? 'nginx'; // it may lie where a shell of an ordinary user does not look
  return { ...nginx(port), run: ['sh', '-c', EDIT_AND_BE_NGINX, 'sh', edits.join(';'), '${conf}', program] };
}
