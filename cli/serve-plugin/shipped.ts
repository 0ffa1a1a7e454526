import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import { durationFlag, type Flag, intFlag, listFlag, stringFlag } from '../../core/flags.ts';
import type { GitHub } from '../../core/github/github.ts';
import type { Logger } from '../../core/log.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import type { Port } from '../../core/ports/index.ts';
import { refresh } from '../../external-plugins/refresh/index.ts';
import { plugins } from '../../plugins/index.ts';
import type { Running } from '../components/context.ts';
import { jobReportsPort } from '../components/job-reports.ts';
import { externalPlaces, openNeedsRebase } from '../components/needs-rebase.ts';
import { githubReportConfig } from '../components/report-github.ts';
import { switchFlag } from './flags.ts';

interface Surroundings {
  config(): Config;
  github: GitHub;
  log: Logger;
}

/** What a plugin needs outside of hook beside the ports of core. */
interface Backing extends Running {
  ports: Readonly<Record<string, Port>>;
  start(): void;
}

type Given = Readonly<Record<string, unknown>>;

/** A plugin that can be a service of its own: its flags, which win over its settings of the same names, and what stands behind it. */
export interface Servable {
  plugin: Plugin;
  flags: Readonly<Record<string, Flag<unknown>>>;
  open?(flags: Given, surroundings: Surroundings): Backing;
}

/** The flags of Prow's external plugins, and what backs them (Prow: cmd/external-plugins/NAME/main.go). */
const extras: Readonly<Record<string, Omit<Servable, 'plugin'>>> = {
  cherrypicker: {
    flags: {
      'allow-all': switchFlag('anybody may ask for cherry-picks, not only members of the organization'),
      'create-issue-on-conflict': switchFlag('where the change conflicts, open an issue and assign it to who asked'),
      labels: listFlag('a label for the new pull requests; may be repeated', 'LABEL'),
      'use-prow-assignments': switchFlag('assign the new pull requests to who asked (true)'),
      'label-prefix': stringFlag('labels that ask for a cherry-pick begin with this (cherrypick/)', 'PREFIX'),
    },
  },
  'needs-rebase': {
    flags: {
      'update-period': durationFlag('between two looks at all open pull requests; 0s for none', '24h'),
      'cache-valid-time': intFlag('seconds in which a comment does not make the plugin look again (0)'),
    },
    open(flags, { config, github, log }) {
      const updatePeriodMs = Number(flags['update-period']);
      const { port, ...running } = openNeedsRebase({ config, github, places: externalPlaces, updatePeriodMs, log });
      return { ...running, ports: { mergeability: port } };
    },
  },
  refresh: {
    flags: { 'prow-url': stringFlag('where deck is, which lists the jobs', 'URL') },
    open(flags, { config, github, log }) {
      if (!URL.canParse(String(flags['prow-url'])))
        throw new CutwaterError('usage', '--prow-url is needed: the address of deck');
      const jobReports = jobReportsPort({ github, config: () => githubReportConfig(config()), log });
      return { ports: { jobReports }, start() {}, stop: async () => {} };
    },
  },
};

/** Every plugin of ours by its name. */
export function shipped(name: string): Servable | undefined {
  const plugin = [...plugins, refresh].find((known) => known.name === name);
  return plugin && { flags: {}, ...(Object.hasOwn(extras, name) && extras[name]), plugin };
}

/** The plugin with settings that the flags have the last word on; flags that were not given leave the configuration's. */
export function withFlags({ plugin, flags }: Servable, values: Given): Plugin {
  const { config } = plugin;
  const given = Object.keys(flags).flatMap((name) => {
    const value = values[name];
    return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[name, value]];
  });
  if (!config || given.length === 0) return plugin;
  const forRepo = (...at: Parameters<typeof config.forRepo>) => ({
    ...(config.forRepo(...at) as object),
    ...Object.fromEntries(given),
  });
  return { ...plugin, config: { ...config, forRepo } };
}
