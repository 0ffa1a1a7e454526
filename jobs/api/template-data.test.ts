import { expect, it } from 'vitest';
import { parseTemplate } from '../../core/config/template/template.ts';
import type { ProwJob } from './prowjob.ts';
import { prowJobTemplateData } from './template-data.ts';

const job: ProwJob = {
  apiVersion: 'prow.k8s.io/v1',
  kind: 'ProwJob',
  metadata: { name: 'a', labels: { team: 'east' } },
  spec: {
    type: 'periodic',
    job: 'unit',
    pod_spec: {
      containers: [{ name: '', image: 'busybox', args: ['-c', 'true'], resources: { limits: { cpu: '2' } } }],
      serviceAccountName: 'runner',
    },
    decoration_config: { ssh_key_secrets: ['key'], utility_images: { clonerefs: 'clone:1' }, skip_cloning: false },
    prowjob_defaults: { tenant_id: 'T1' },
  },
  status: { state: 'pending', build_id: '7' },
};

// As Go's text/template prints them.
it.each([
  ['{{.Kind}} {{.TypeMeta.Kind}} {{.ObjectMeta.Name}} {{.Labels.team}}', 'ProwJob ProwJob a east'],
  ['{{.Complete}} {{.ClusterAlias}}', 'false default'],
  ['{{len .Spec.PodSpec.Containers}} {{(index .Spec.PodSpec.Containers 0).Image}}', '1 busybox'],
  ['{{range .Spec.PodSpec.Containers}}{{range .Args}}{{.}},{{end}}{{end}}', '-c,true,'],
  ['{{range .Spec.PodSpec.Containers}}{{range $k, $v := .Resources.Limits}}{{$k}}={{$v}}{{end}}{{end}}', 'cpu=2'],
  ['{{.Spec.PodSpec.ServiceAccountName}}|{{.Spec.PodSpec.PriorityClassName}}', 'runner|'],
  ['{{range .Spec.PodSpec.Volumes}}x{{end}}{{range $k, $v := .Spec.PodSpec.NodeSelector}}x{{end}}', ''],
  ['{{len .Spec.PodSpec.Tolerations}}{{with .Spec.PodSpec.Resources.Requests}}x{{end}}', '0'],
  ['{{.Spec.DecorationConfig.SSHKeySecrets}} {{.Spec.DecorationConfig.UtilityImages.CloneRefs}}', '[key] clone:1'],
  ['{{.Spec.ProwJobDefault.TenantID}}', 'T1'],
])('%s is %j', (template, text) => {
  expect(parseTemplate('t', template).execute(prowJobTemplateData(job))).toBe(text);
});

it.each(['{{.Spec.NoSuchField}}', '{{.Spec.JenkinsSpec.GitHubBranchSourceJob}}'])('%s does not fit', (template) => {
  expect(() => parseTemplate('t', template).execute(prowJobTemplateData(job))).toThrow();
});
