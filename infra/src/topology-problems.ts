import { LINKS, portMap } from './box-names.ts';
import type { Box, Topology } from './topology-schema.ts';

/** What is wrong with a topology whose shape is right, each problem in words. */
export function topologyProblems(topology: Topology): string[] {
  const problems = [
    ...doorProblems(topology),
    ...Object.entries(topology.boxes).flatMap(([name, box]) => boxProblems(name, box, topology)),
    ...linkProblems(topology),
    ...optionProblems(topology),
    ...portProblems(topology),
  ];
  const circle = problems.length === 0 ? findCircle(topology) : undefined;
  return circle ? [`after: ${circle.join(' → ')} is a circle`] : problems;
}

function doorProblems({ door, boxes }: Topology): string[] {
  const box = boxes[door];
  if (!box) return [`door: no box ${door} (${known(boxes)})`];
  if (box.replicas) return [`door: box ${door} has replicas; the door is one box`];
  return box.port === undefined ? [`door: box ${door} has no port`] : [];
}

function boxProblems(name: string, box: Box, { boxes }: Topology): string[] {
  const problems = (box.after ?? [])
    .filter((other) => !boxes[other])
    .map((other) => `boxes.${name}.after: no box ${other} (${known(boxes)})`);
  if (box.ready && box.port === undefined) problems.push(`boxes.${name}.ready: needs a port to ask`);
  if (box.files && ![...box.run, ...Object.values(box.env ?? {})].some((text) => text.includes('${conf}')))
    problems.push(`boxes.${name}.files: neither run nor env says \${conf}, so the box would never read them`);
  if (box.reload && !box.files) problems.push(`boxes.${name}.reload: needs files to read anew`);
  if (!box.replicas) return problems;
  const { least, count, most } = box.replicas;
  if (least > count || count > most) problems.push(`boxes.${name}.replicas: least ≤ count ≤ most does not hold`);
  if (box.port === undefined) problems.push(`boxes.${name}.replicas: needs a port, which the others follow`);
  return problems;
}

function linkProblems({ links = {}, places = [], boxes }: Topology): string[] {
  const taken = boxes[LINKS] ? [`boxes.${LINKS}: is the name of the box that links lead through`] : [];
  const problems = Object.entries(links).flatMap(([name, { from, to }]) => {
    const missing = [places.includes(from) ? to : from, to]
      .filter((box, i, all) => !boxes[box] && all.indexOf(box) === i)
      .map((box) => `links.${name}: no box ${box} (${known(boxes)})`);
    const target = boxes[to];
    const single = target && (target.replicas || target.port === undefined);
    return single ? [...missing, `links.${name}.to: box ${to} is not one box with a port`] : missing;
  });
  return [...taken, ...problems];
}

function optionProblems({ options = {}, links = {} }: Topology): string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    if ('link' in option) return links[option.link] ? [] : [`options.${name}: no link ${option.link}`];
    if ('least' in option) {
      const holds = option.least <= option.default && option.default <= option.most;
      return holds ? [] : [`options.${name}: least ≤ default ≤ most does not hold`];
    }
    const choice = option.choices[option.default];
    if (!choice) return [`options.${name}.default: no choice ${option.default}`];
    const values = (of: Record<string, string>) => Object.keys(of).sort().join(', ');
    return Object.entries(option.choices)
      .filter(([, other]) => values(other) !== values(choice))
      .map(
        ([other]) => `options.${name}.choices.${other}: needs the values ${values(choice)}, as ${option.default} has`,
      );
  });
}

function portProblems(topology: Topology): string[] {
  const owners = new Map<number, string>();
  const all = Object.entries(portMap(topology)).flatMap(([box, ports]) =>
    Object.values(ports).map((port) => ({ box, port })),
  );
  return all.flatMap(({ box, port }) => {
    const owner = owners.get(port);
    owners.set(port, box);
    return owner ? [`port ${port} is ${owner}'s and ${box}'s`] : [];
  });
}

function known(boxes: Topology['boxes']): string {
  return `boxes: ${Object.keys(boxes).join(', ')}`;
}

function findCircle(topology: Topology): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of topology.boxes[name]?.after ?? []) {
      const circle = walk(other, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(topology.boxes)) {
    const circle = walk(name, []);
    if (circle) return circle;
  }
  return undefined;
}
