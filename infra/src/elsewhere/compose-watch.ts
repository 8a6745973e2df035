import type { ComposeService } from './compose-service.ts';
import { WATCH_IMAGES } from './images.ts';
import { type Network, secretMark } from './network.ts';

const GRAFANA_PORT = 17_070;
const FOLDER = '../watch';
const CONFIG = '/etc/day90';

/**
 * What only a stage elsewhere has: Grafana with the stage's dashboards, and Loki with the logs of all services, which Alloy reads
 * from Docker.
 */
export function watchServices(network: Network): Record<string, ComposeService> {
  const rest = {
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
  };
  const mount = (source: string, file: string) => ({ source, target: `${CONFIG}/${file}` });
  return {
    loki: {
      image: WATCH_IMAGES.loki,
      command: [`-config.file=${CONFIG}/loki.yaml`],
      volumes: ['loki:/loki'],
      configs: [mount('loki', 'loki.yaml')],
      ...rest,
    },
    alloy: {
      image: WATCH_IMAGES.alloy,
      command: ['run', '--storage.path=/tmp/alloy', '--disable-reporting', `${CONFIG}/config.alloy`],
      user: '0:0', // Docker's socket is root's, and who may read it may do all that Docker can
      environment: { COMPOSE_PROJECT: `day90-${network.topology.stage}` },
      depends_on: { loki: { condition: 'service_started' } },
      volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'],
      configs: [mount('alloy', 'config.alloy')],
      ...rest,
    },
    grafana: {
      image: WATCH_IMAGES.grafana,
      environment: {
        GF_SECURITY_ADMIN_PASSWORD: secretMark('grafana'),
        GF_AUTH_ANONYMOUS_ENABLED: 'true', // may look, and change nothing
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: '/dashboards/day90.json',
      },
      depends_on: { prometheus: { condition: 'service_healthy' }, loki: { condition: 'service_started' } },
      ports: [`127.0.0.1:${GRAFANA_PORT}:3000`],
      volumes: ['grafana:/var/lib/grafana', '../../stages/day90-full/grafana:/dashboards:ro'],
      configs: [
        { source: 'datasources', target: '/etc/grafana/provisioning/datasources/day90.yaml' },
        { source: 'dashboards', target: '/etc/grafana/provisioning/dashboards/day90.yaml' },
      ],
      ...rest,
    },
  };
}

/** Their files, which hold no secret and stand beside the compose files. */
export const watchFiles: Record<string, { file: string }> = {
  loki: { file: `${FOLDER}/loki.yaml` },
  alloy: { file: `${FOLDER}/config.alloy` },
  datasources: { file: `${FOLDER}/datasources.yaml` },
  dashboards: { file: `${FOLDER}/dashboards.yaml` },
};
