import type { Config } from '../../../core/config/config.ts';
import { enabledPlugins } from '../../../core/plugin/enablement.ts';
import { corePorts } from '../../../core/ports/index.ts';
import { plugins } from '../../../plugins/index.ts';
import { tide } from '../../../tide/policy/config.ts';
import { neededEvents, neededPermissions, PEOPLE_EVENTS, REPORTER, TIDE } from '../../app-manifest.ts';
import { askForApp } from '../app-page.ts';
import { type Finding, failure, ok, skipped, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const CHECK = 'permissions';

interface Grant {
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
}

/** What the App may do and hears of, against what the plugins need that are on; and what each account has agreed to. */
export const permissions: Check = {
  name: CHECK,
  fix: 'mend the identity first',
  needsIdentity: true,
  async look({ github, hosts, config }) {
    if (!github.installations) return [skipped(CHECK, 'a bot account has those of its roles and scopes')];
    const app = await askForApp({ github, hosts });
    const needed = neededBy(config);
    const fix = `allow it at ${app.page}/permissions, and have every account accept it`;
    const accepted = (await github.installations.list()).flatMap(({ account, suspended, ...grant }) => {
      if (suspended)
        return [failure(CHECK, `the App is suspended on ${account}`, `an owner of ${account} can unsuspend it`)];
      const accept = `an owner of ${account} accepts the new permissions in its settings, under GitHub Apps`;
      return lacking(account, grant, within(needed, app), accept);
    });
    const findings = [...lacking('the App', app, needed, fix), ...accepted];
    const { permissions: levels, events } = needed;
    const text = `${Object.keys(levels).length} permissions and ${events.length} events, as the plugins need that are on`;
    return findings.length > 0 ? findings : [ok(CHECK, text)];
  },
};

/** Of the plugins that the configuration turns on; of all where there is none that can be used. */
function neededBy(config: Config | undefined): Grant {
  const places = config && Object.values(config.get(enabledPlugins));
  const names = places && new Set(places.flatMap((place) => place.plugins));
  const on = names ? plugins.filter(({ name }) => names.has(name)) : plugins;
  const merges = (config?.get(tide).queries.length ?? 1) > 0;
  return {
    permissions: neededPermissions(on, corePorts, [REPORTER, ...(merges ? [TIDE] : [])]),
    events: neededEvents(on),
  };
}

/** Of what is needed, what the App asks for: no more can be accepted. */
function within(needed: Grant, app: Grant): Grant {
  const asked = Object.entries(needed.permissions).filter(([name, level]) => suffices(app.permissions[name], level));
  return {
    permissions: Object.fromEntries(asked),
    events: needed.events.filter((event) => app.events.includes(event)),
  };
}

function suffices(given: string | undefined, wanted: string): boolean {
  const order = ['read', 'write', 'admin'];
  return given !== undefined && order.indexOf(given) >= order.indexOf(wanted);
}

export function lacking(who: string, given: Grant, needed: Grant, fix: string): Finding[] {
  const wanted = Object.entries(needed.permissions).filter(
    ([name, level]) => !suffices(given.permissions[name], level),
  );
  const missing = wanted.map(([name, level]) => `${name}: ${level} (has ${given.permissions[name] ?? 'none'})`);
  const unheard = needed.events.filter((event) => !given.events.includes(event));
  const [late, deaf] = [true, false].map((about) => unheard.filter((event) => PEOPLE_EVENTS.includes(event) === about));
  return [
    ...(missing.length > 0 ? [failure(CHECK, `${who} lacks ${missing.join(', ')}`, fix)] : []),
    ...(deaf?.length ? [failure(CHECK, `${who} does not hear of ${deaf.join(', ')}`, fix)] : []),
    ...(late?.length ? [warning(CHECK, `${who} learns up to two minutes late of ${late.join(', ')}`, fix)] : []),
  ];
}
