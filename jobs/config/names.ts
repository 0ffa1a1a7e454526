// Kubernetes' rules for names, labels and annotations (k8s.io/apimachinery/pkg/util/validation).
const LABEL_VALUE = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
export const MAX_LABEL = 63;

/** Whether `value` may be a label's value. */
export function isLabelValue(value: string): boolean {
  return value.length <= MAX_LABEL && LABEL_VALUE.test(value) && !value.includes('\n');
}

/** Whether `key` may be a label's or an annotation's key: `name` or `dns.domain/name`. */
export function isQualifiedName(key: string): boolean {
  const parts = key.split('/');
  if (parts.length > 2) return false;
  const [prefix, name] = parts.length === 2 ? parts : [undefined, key];
  if (prefix !== undefined && !(prefix.length <= 253 && SUBDOMAIN.test(prefix))) return false;
  return name !== undefined && name.length <= MAX_LABEL && QUALIFIED.test(name);
}
