export { BadInput } from './bad-input.ts';
export { boxCpuMicros, boxRssBytes } from './box-usage.ts';
export { type Instance, type LaunchOptions, launch } from './launcher.ts';
export { type Machine, machine } from './machine.ts';
export { type MailSink, type ReceivedMail, startMailSink } from './mail-sink.ts';
export type { ReadyFile } from './ready-file.ts';
export { ensureTemplate } from './templates.ts';
export { requireTool } from './tools.ts';
export { type Box, type Data, defineTopology, instanceName, type Scale, scales, type Topology } from './topology.ts';
