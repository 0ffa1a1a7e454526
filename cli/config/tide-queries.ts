import type { Config } from '../../core/config/config.ts';
import { prowjobDefaults, withProwJobDefaults } from '../../jobs/config/general.ts';
import { tide } from '../../tide/policy/config.ts';
import { joinQueries, type TideQuery } from '../../tide/policy/queries.ts';

/** Tide's queries as GitHub is asked them: those with the same conditions and tenants are one. */
export function tideQueries(config: Pick<Config, 'get'>): TideQuery[] {
  const defaults = config.get(prowjobDefaults);
  const tenantOf = (place: string) => withProwJobDefaults(defaults, place, '*', undefined).tenant_id ?? '';
  return joinQueries(config.get(tide).queries, tenantOf);
}
