/**
 * Kubernetes' `$(VAR)` expansion: `$$` is a dollar sign, `$(NAME)` of an unknown name stays as it stands, anything else too
 * (k8s.io/kubernetes/third_party/forked/golang/expansion).
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\$|\(([^()]*)\))/g, (whole, escaped: string, name?: string) => {
    if (escaped === '$') return '$';
    return name === undefined ? whole : (variables.get(name) ?? whole);
  });
}
