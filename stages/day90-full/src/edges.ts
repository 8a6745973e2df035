import type { Box } from '@day90/infra';
import { edge } from 'stage-6/boxes';

type Place = Parameters<typeof edge>[0];

/**
 * The edges of stage 5, each with a log that has a line for each visit. Varnish itself writes none: it keeps the last requests in
 * memory, and a reader beside it prints them, which takes no time of a visit.
 * @param ports - Of the edge of each place.
 */
export function edges(ports: Partial<Record<Place, number>>): Record<string, Box> {
  const boxes = Object.entries(ports).flatMap(([place, port]) => [
    [`edge-${place}`, withRoomInLog(edge(place as Place, port))],
    [`log-${place}`, edgeLog(place)],
  ]);
  return Object.fromEntries(boxes);
}

/**
 * What nobody reads of all that an edge keeps in memory: without it there is room for several times as many requests, and
 * fewer are lost when the reader gets no CPU for a moment.
 * @see https://varnish-cache.org/docs/7.1/reference/vsl.html
 */
const UNREAD = [
  ...['ReqHeader', 'ReqUnset', 'ReqProtocol', 'RespHeader', 'RespUnset', 'RespProtocol', 'RespReason'],
  ...['BereqHeader', 'BereqUnset', 'BerespHeader', 'BerespUnset', 'ObjHeader'],
];

function withRoomInLog(box: Box): Box {
  const mask = UNREAD.map((tag) => `-${tag}`).join(',');
  return { ...box, run: [...box.run, '-p', `vsl_mask=${mask}`, '-p', 'vsl_space=4M'] };
}

/** In the shape of nginx' access log (stage 3). Times in seconds, `time` is when it ended. */
const FORMAT = [
  '{"time":%{VSL:Timestamp:Resp[1]}x',
  '"box":"edge-PLACE"',
  '"requestId":"%{VCL_Log:visit}x"',
  '"ip":"%{VCL_Log:ip}x"',
  '"method":"%m"',
  '"url":"%{VSL:ReqURL}x"', // as it was sent: %U is what the edge has made of it
  '"status":%s',
  '"bytes":%O',
  '"seconds":%{VSL:Timestamp:Resp[2]}x', // from the first byte on: %D begins anew where the edge does
  '"cache":"%{VCL_Log:cache}x"}',
].join(',');

/** @see https://varnish-cache.org/docs/7.1/reference/varnishncsa.html */
function edgeLog(place: string): Box {
  return {
    role: 'log',
    // Looks at the edge's health, and purges, are not noted, and so not printed.
    run: [
      ...['varnishncsa', '-n', `\${data}/edge-${place}`, '-q', 'VCL_Log:visit'],
      ...['-j', '-F', FORMAT.replace('PLACE', place)],
    ],
    after: [`edge-${place}`],
    unprivileged: true,
    stopTimeoutMs: 3000,
  };
}
