/** Where a kind of resource is served: `{ group: 'prow.k8s.io', version: 'v1', plural: 'prowjobs' }`; the core group is `''`. */
export interface ResourceKind {
  group: string;
  version: string;
  plural: string;
}

export const PODS: ResourceKind = { group: '', version: 'v1', plural: 'pods' };
export const LEASES: ResourceKind = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
export const PROWJOBS: ResourceKind = { group: 'prow.k8s.io', version: 'v1', plural: 'prowjobs' };

/** The path of a namespaced resource's collection, or of one object or subresource in it. */
export function pathOf({ group, version, plural }: ResourceKind, namespace: string, ...rest: string[]): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return [root, 'namespaces', encodeURIComponent(namespace), plural, ...rest.map(encodeURIComponent)].join('/');
}
