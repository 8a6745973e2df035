import { type Box, findProgram, type Topology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';

/** `exec`: Varnish takes the shell's place, and with it the launcher's signals. */
const EDIT_AND_BE_VARNISH = 'sed -e "$1" "$2" > "$3" && shift 3 && exec "$@"';
const RENDERED = '${conf}/edge.vcl';
const EDITED = '${data}/${box}.vcl';

/**
 * The stage with edges on its own configuration but for some edits: a copy of the template would fall behind it.
 * @param edits - Commands of sed. One that finds nothing changes nothing, and a mutant made by it then passes its drill.
 */
export function withEditedEdges(variant: string, edits: string[]): Topology {
  const edited = (box: Box): Box => {
    const [program = '', ...args] = box.run.map((arg) => (arg === RENDERED ? EDITED : arg));
    const varnish = [findProgram(program) ?? program, ...args];
    return { ...box, run: ['sh', '-c', EDIT_AND_BE_VARNISH, 'sh', edits.join(';'), RENDERED, EDITED, ...varnish] };
  };
  const boxes = Object.entries(stage.boxes).map(([name, box]) => [name, box.role === 'edge' ? edited(box) : box]);
  return { ...stage, variant, boxes: Object.fromEntries(boxes) };
}
