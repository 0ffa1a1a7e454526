import type { Config } from '../../../core/config/config.ts';
import type { Path } from '../../../core/config/position.ts';
import type { JobBase } from '../../../jobs/config/job.ts';

/** Something that is odd. Where it stands: a key of a file, or a job's declaration. */
export interface Finding {
  message: string;
  at?: { file: string; path: Path } | undefined;
  job?: Pick<JobBase, 'name' | 'sourcePath'> | undefined;
}

/** What the checks look at. */
export interface Checked {
  config: Config;
  files: {
    configPath: string;
    /** Undefined: what is about plugins is not checked. */
    pluginConfig?: string | undefined;
    supplementalConfig: { roots: readonly string[]; suffix: string };
    supplementalPlugins: { roots: readonly string[]; suffix: string };
  };
  requiredAnnotations: readonly string[];
  /** Job files too are looked at for unknown keys. */
  everyFile: boolean;
  remote: Remote;
}

/** What only GitHub or a bucket knows; opened when it is first asked. */
export interface Remote {
  /** Names of the org's repositories that are not archived, as `org/repo`. */
  repositories(org: string): Promise<string[]>;
  hasFile(repo: string, file: string): Promise<boolean>;
  /** The accounts that the GitHub App is installed in. */
  installations(): Promise<string[]>;
  /** The text of an object in storage, or undefined where there is none. */
  object(path: string): Promise<string | undefined>;
}

export interface Check {
  /** Prow's name of the warning. */
  name: string;
  /** Whether plugins.yaml is needed. */
  plugins?: boolean | undefined;
  /** `default`: on unless others are named; `expensive`: with --expensive-checks too; `optional`: where it is named, or with --expensive-checks. */
  when: 'default' | 'expensive' | 'optional';
  run(checked: Checked): Finding[] | Promise<Finding[]>;
}
