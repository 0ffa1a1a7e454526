import { dump } from 'js-yaml';

/** YAML as Prow's tools print it: keys sorted, nothing folded, whatever another reader could take for something else quoted. */
export function toYaml(value: unknown): string {
  return dump(value, { sortKeys: true, lineWidth: -1, noRefs: true });
}
