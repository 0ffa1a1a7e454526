import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs kubectl against the cluster that KUBECONFIG names; rejects with what it says on stderr. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let [output, problems] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${problems}${output}`);
  return output;
}

export async function kubectlJson<T>(args: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl([...args, '--output=json'])) as T;
}

/** What may be done as a service account, `NAMESPACE:NAME`. The resource may be a part of one, such as `pods/log`. */
export async function may(account: string, verb: string, resource: string, namespace: string): Promise<boolean> {
  const [whole = '', part] = resource.split('/');
  const as = `--as=system:serviceaccount:${account}`;
  const subresource = part ? [`--subresource=${part}`] : [];
  const args = ['auth', 'can-i', verb, whole, ...subresource, as, '--namespace', namespace];
  const answer = await kubectl(args).catch((error: Error) => error.message);
  return answer.trim() === 'yes';
}
