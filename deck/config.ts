import { z } from 'zod';
import { duration, pattern, template } from '../core/config/schema.ts';
import { section } from '../core/config/section.ts';
import { messageOf } from '../core/errors.ts';
import { parseLabelSelector } from '../core/kube/label-selector.ts';

const texts = () => z.array(z.string()).default([]);
const prefixes = () => z.record(z.string(), z.string()).default({});

const Lens = z.object({
  required_files: z.array(pattern()).default([]),
  optional_files: z.array(pattern()).default([]),
  lens: z.object({ name: z.string().default(''), config: z.unknown().optional() }).default({ name: '' }),
  remote_config: z
    .object({
      endpoint: z.string().default(''),
      static_root: z.string().default(''),
      title: z.string().default(''),
      priority: z.int().min(0).optional(),
      hide_title: z.boolean().optional(),
    })
    .optional(),
});

const Spyglass = z.object({
  lenses: z.array(Lens).default([]),
  viewers: z.record(pattern(), z.array(z.string())).default({}),
  size_limit: z.int().min(0, 'invalid value for deck.spyglass.size_limit, must be >=0').default(0),
  gcs_browser_prefix: z.string().default(''),
  gcs_browser_prefixes: prefixes(),
  gcs_browser_prefixes_by_bucket: prefixes(),
  announcement: z.string().default(''),
  testgrid_config: z.string().default(''),
  testgrid_root: z.string().default(''),
  hide_pr_history_link: z.boolean().default(false),
  pr_history_link_template: z.string().default(''),
  bucket_aliases: z.record(z.string(), z.string()).default({}),
});

/** Who may start a job again from its page. */
const RerunAuth = z.object({
  allow_anyone: z.boolean().optional(),
  github_team_ids: z.array(z.int()).optional(),
  github_team_slugs: z.array(z.object({ slug: z.string().default(''), org: z.string().default('') })).optional(),
  github_users: z.array(z.string()).optional(),
  github_orgs: z.array(z.string()).optional(),
});
type RerunAuth = z.output<typeof RerunAuth>;

const DeckSchema = z.object({
  spyglass: Spyglass.prefault({}),
  tide_update_period: duration().default('10s'),
  hidden_repos: texts(),
  external_agent_logs: z
    .array(
      z.object({
        agent: z.string().default(''),
        selector: z.string().default(''),
        url_template: template().default(''),
      }),
    )
    .default([]),
  branding: z
    .object({
      logo: z.string().optional(),
      favicon: z.string().optional(),
      background_color: z.string().optional(),
      header_color: z.string().optional(),
    })
    .optional(),
  google_analytics: z.string().default(''),
  rerun_auth_configs: z.record(z.string(), RerunAuth).default({}),
  default_rerun_auth_configs: z
    .array(
      z.object({
        repo: z.string().optional(),
        cluster: z.string().optional(),
        rerun_auth_configs: RerunAuth.optional(),
      }),
    )
    .default([]),
  skip_storage_path_validation: z.boolean().optional(),
  additional_allowed_buckets: texts(),
});
type RawDeck = z.output<typeof DeckSchema>;

const DEFAULT_SIZE_LIMIT = 100e6;

/** Deck's settings. Old `viewers` stand among `lenses`, the older map of who may rerun among `default_rerun_auth_configs`, later ones winning. */
export type Deck = RawDeck;

/** The key `deck` (Prow: pkg/config/config.go, Deck). */
export const deck = section({
  key: 'deck',
  schema: DeckSchema,
  finish(value, view, file): Deck {
    check(value, (path, message) => view.problem(file, ['deck', ...path], message));
    return {
      ...value,
      spyglass: spyglassOf(value.spyglass),
      default_rerun_auth_configs: [...value.default_rerun_auth_configs, ...entriesOf(value.rerun_auth_configs)],
    };
  },
});

type Refuse = (path: (string | number)[], message: string) => void;

function check(value: RawDeck, refuse: Refuse): void {
  checkPrefixes(value.spyglass, refuse);
  for (const [index, { selector }] of value.external_agent_logs.entries()) {
    try {
      parseLabelSelector(selector);
    } catch (error) {
      refuse(['external_agent_logs', index, 'selector'], `error parsing selector: ${messageOf(error)}`);
    }
  }
  if (Object.keys(value.rerun_auth_configs).length > 0 && value.default_rerun_auth_configs.length > 0)
    refuse(
      ['rerun_auth_configs'],
      'deck.rerun_auth_configs and deck.default_rerun_auth_configs are mutually exclusive, please use one or the other',
    );
  for (const [place, config] of Object.entries(value.rerun_auth_configs))
    refuseOpen(config, ['rerun_auth_configs', place], refuse);
  for (const [index, { rerun_auth_configs: config }] of value.default_rerun_auth_configs.entries())
    refuseOpen(config, ['default_rerun_auth_configs', index], refuse);
  if (value.additional_allowed_buckets.length > 0 && value.skip_storage_path_validation !== false)
    refuse(
      ['additional_allowed_buckets'],
      'deck.skip_storage_path_validation is enabled despite deck.additional_allowed_buckets being configured',
    );
}

function checkPrefixes({ gcs_browser_prefix, ...maps }: RawDeck['spyglass'], refuse: Refuse): void {
  for (const key of ['gcs_browser_prefixes', 'gcs_browser_prefixes_by_bucket'] as const)
    if (gcs_browser_prefix && Object.hasOwn(maps[key], '*'))
      refuse(['spyglass', key], `both gcs_browser_prefix and ${key}['*'] are specified.`);
}

function refuseOpen(config: RerunAuth | undefined, path: (string | number)[], refuse: Refuse): void {
  const { allow_anyone, ...lists } = config ?? {};
  if (allow_anyone && Object.values(lists).some((list) => (list?.length ?? 0) > 0))
    refuse(path, 'allow anyone is set to true and permitted users or groups are specified');
}

const RENAMED: Readonly<Record<string, string>> = {
  'build-log-viewer': 'buildlog',
  'metadata-viewer': 'metadata',
  'junit-viewer': 'junit',
};

function spyglassOf(spyglass: RawDeck['spyglass']): RawDeck['spyglass'] {
  const { gcs_browser_prefix: prefix, viewers } = spyglass;
  const old = Object.entries(viewers).flatMap(([files, names]) =>
    names.map((name) => ({ required_files: [files], optional_files: [], lens: { name: RENAMED[name] ?? name } })),
  );
  return {
    ...spyglass,
    lenses: [...spyglass.lenses, ...old.sort((a, b) => (a.lens.name < b.lens.name ? -1 : 1))],
    size_limit: spyglass.size_limit || DEFAULT_SIZE_LIMIT,
    gcs_browser_prefixes: { '*': prefix, ...spyglass.gcs_browser_prefixes },
    gcs_browser_prefixes_by_bucket: { '*': prefix, ...spyglass.gcs_browser_prefixes_by_bucket },
  };
}

/** The older map in the order in which its entries apply: everything, organisations, repositories. */
function entriesOf(configs: RawDeck['rerun_auth_configs']): RawDeck['default_rerun_auth_configs'] {
  const rank = (place: string) => (['', '*'].includes(place) ? place.length : place.includes('/') ? 3 : 2);
  return Object.entries(configs)
    .map(([repo, rerun_auth_configs]) => ({ repo, rerun_auth_configs }))
    .sort((a, b) => rank(a.repo) - rank(b.repo));
}
