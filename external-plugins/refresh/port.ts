import type { ProwJob } from '../../jobs/api/prowjob.ts';

/** What the plugin asks of the program: to tell GitHub once more what it was told before. */
export interface JobReportsPort {
  /** Sets the statuses of `latest` again, and brings the comment with failed tests in line; `all` are the jobs of the same pull request. */
  again(latest: readonly ProwJob[], all: readonly ProwJob[]): Promise<void>;
}

declare module '../../core/ports/index.ts' {
  interface PortMap {
    jobReports: JobReportsPort;
  }
}
