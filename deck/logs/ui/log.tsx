import type { Segment } from '../log/ansi.ts';
import type { JobView } from '../views.ts';
import { count, group, size } from './format.ts';
import type { ReaderState } from './reader-state.ts';

/** The log: a window of lines that grows at either end, with numbers, findings and the place in the whole. */
export function LogViewer({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { log, job } = view;
  return (
    <section class="log" aria-label="Log">
      <div class="log-tools">
        {reader.awake && !job.ended ? <Toggle on={reader.follow} set={reader.setFollow} words="Follow" /> : null}
        {reader.awake ? <Toggle on={reader.wrap} set={reader.setWrap} words="Wrap" /> : null}
        <a class="tool" href={job.rawHref}>
          Raw
        </a>
        <a class="tool" href={job.rawHref} download={`${job.job}-${job.build}.txt`}>
          Download
        </a>
      </div>
      {log.problem ? (
        <p class="banner soft-failure" role="alert">
          <span>
            <b>The log could not be read</b>
            <br />
            {log.problem}
          </span>
          <a class="button" href={job.href}>
            Try again
          </a>
        </p>
      ) : null}
      {log.missing ? <p class="log-missing">{log.missing}</p> : <Lines view={view} reader={reader} />}
      <Foot view={view} reader={reader} />
    </section>
  );
}

function Toggle({ on, set, words }: { on: boolean; set(on: boolean): void; words: string }) {
  return (
    <button type="button" class="tool" aria-pressed={on} onClick={() => set(!on)}>
      {words}
    </button>
  );
}

function Lines({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { first, lines } = view.window;
  const { log, job } = view;
  const found = new Set(log.findings.map(({ line }) => line));
  const last = first + lines.length - 1;
  return (
    <div class="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class={reader.wrap ? 'log-lines' : 'log-lines log-long'} id="log" tabIndex={0}>
        {first > 1 ? (
          <More href={`${job.href}?from=${Math.max(1, first - lines.length)}`} go={reader.earlier} reader={reader}>
            {count(first - 1, 'earlier line')}
          </More>
        ) : null}
        <ol>
          {lines.map((segments, index) => (
            <Line key={first + index} number={first + index} segments={segments} found={found.has(first + index)} />
          ))}
        </ol>
        {last < log.lines ? (
          <More href={`${job.href}?from=${last + 1}`} go={reader.later} reader={reader}>
            {count(log.lines - last, 'later line')}
          </More>
        ) : null}
      </div>
      <Strip view={view} reader={reader} />
    </div>
  );
}

interface MoreProps {
  href: string;
  go(): void;
  reader: ReaderState;
  children: string;
}

function More({ href, go, reader, children }: MoreProps) {
  return (
    <a
      class="log-more"
      href={href}
      onClick={(event) => {
        if (!reader.awake) return;
        event.preventDefault();
        go();
      }}
    >
      {children}
    </a>
  );
}

function Line({ number, segments, found }: { number: number; segments: Segment[]; found: boolean }) {
  return (
    <li id={`L${number}`} class={found ? 'found' : ''}>
      <a href={`#L${number}`} aria-label={`Line ${number}`}>
        {group(number)}
      </a>
      <code>
        {segments.map(([text, style], index) =>
          style === undefined ? (
            text
          ) : (
            <span key={`${index}${style}`} class={style}>
              {text}
            </span>
          ),
        )}
      </code>
    </li>
  );
}

/** Where the findings are in the whole log, and which part is shown; a click goes there. */
function Strip({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { log, window } = view;
  const height = (line: number) => (Math.max(0, line - 1) / Math.max(1, log.lines)) * 100;
  const shown = (window.lines.length / Math.max(1, log.lines)) * 100;
  return (
    <svg
      class="strip"
      viewBox="0 0 10 100"
      preserveAspectRatio="none"
      aria-hidden="true"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        reader.goTo(Math.ceil(((event.clientY - box.top) / box.height) * log.lines));
      }}
    >
      <rect class="strip-place" x="0" y={height(window.first)} width="10" height={Math.max(2, shown)} />
      {log.findings.slice(0, 200).map(({ line }) => (
        <rect key={line} class="strip-finding" x="2" y={height(line)} width="6" height="0.6" />
      ))}
    </svg>
  );
}

function Foot({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { log, job } = view;
  return (
    <p class="log-foot">
      <span>
        {count(log.lines, 'line')}, {size(log.bytes)}
        {job.ended && !log.whole ? ' read so far' : ''}
        {log.findings.length ? ` · ${count(log.findings.length, 'finding')}` : ''}
      </span>
      {reader.unseen > 0 ? (
        <button type="button" class="button" onClick={() => reader.setFollow(true)}>
          {count(reader.unseen, 'new line')}
        </button>
      ) : null}
    </p>
  );
}
