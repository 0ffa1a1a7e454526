import { formatDuration } from '../../../core/config/duration.ts';
import type { Refs } from '../../api/refs.ts';

/** One command that cloning ran; `duration` in nanoseconds. Prow: pkg/pod-utils/clone/types.go. */
export interface CloneCommand {
  command: string;
  output?: string;
  error?: string;
  duration?: number;
}

/** What cloning did for one set of refs: a line of clone-records.json. Prow: pkg/pod-utils/clone/types.go. */
export interface CloneRecord {
  refs: Refs;
  commands?: CloneCommand[];
  failed?: boolean;
  final_sha?: string;
  duration?: number;
}

/** A record for people, as clone-log.txt holds it (Prow: pkg/pod-utils/clone/format.go). */
export function formatRecord(record: CloneRecord): string {
  const { refs } = record;
  const lines: string[] = [];
  if (record.failed) lines.push('# FAILED');
  const title = refs.repo ? `# Cloning ${refs.org}/${refs.repo} at ${refs.base_ref ?? ''}` : 'Environment setup';
  lines.push(refs.base_sha ? `${title}(${refs.base_sha})` : title);
  if (refs.pulls?.length) lines.push('# Checking out pulls:');
  for (const pull of refs.pulls ?? []) lines.push(`#\t${pull.number}${pull.sha ? `(${pull.sha})` : ''}`);
  let text = `${lines.join('\n')}\n`;
  for (const { command, output, error, duration } of record.commands ?? []) {
    text += `$ ${command}${duration ? ` (runtime: ${formatDuration(duration / 1e6)})` : ''}\n${output ?? ''}`;
    if (error) text += `# Error: ${error}\n`;
  }
  text += `# Final SHA: ${record.final_sha ?? ''}\n`;
  return `${text}# Total runtime: ${formatDuration((record.duration ?? 0) / 1e6)}\n`;
}
