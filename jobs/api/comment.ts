/** What a comment says about jobs (Prow: the patterns of pkg/pjutil/filter.go and help.go). */
export interface JobComment {
  testAll: boolean;
  retest: boolean;
  retestRequired: boolean;
  testManualRequired: boolean;
  okToTest: boolean;
  okToTestCancel: boolean;
  /** `/test ?` */
  asksForHelp: boolean;
  /** `/test` alone */
  testWithoutTarget: boolean;
  /** `/retest something`, which is no command */
  retestWithTarget: boolean;
  /** `/test something`, `all` and `?` included */
  testWithTarget: boolean;
  /** Any line that begins with `/test` or `/retest` as a word. */
  anyTest: boolean;
}

// Each is held against one line, whose end carries Go's white space at most: a non-breaking space is none.
const PATTERNS: Readonly<Record<keyof JobComment, RegExp>> = {
  testAll: /^\/test all,?(?:$|[ \t\r\f])/,
  retest: /^\/retest[ \t\r\f]*$/,
  retestRequired: /^\/retest-required[ \t\r\f]*$/,
  testManualRequired: /^\/test-manual-required[ \t\r\f]*$/,
  okToTest: /^\/ok-to-test[ \t\r\f]*$/,
  okToTestCancel: /^\/ok-to-test[ \t\r\f]+cancel[ \t\r\f]*$/,
  asksForHelp: /^\/test[ \t]*\?[ \t\r\f]*$/,
  testWithoutTarget: /^\/test[ \t\r\f]*$/,
  retestWithTarget: /^\/retest[ \t]+[^ \t\r\f]/,
  testWithTarget: /^\/test[ \t]+[^ \t\r\f]/,
  anyTest: /^\/(?:re)?test(?![A-Za-z0-9_])/,
};

/** Reads `text`, from which code and quotes are gone already. Takes time linear in its length. */
export function readJobComment(text: string): JobComment {
  const lines = text.split('\n').filter((line) => line.startsWith('/'));
  const said = Object.entries(PATTERNS).map(([name, pattern]) => [name, lines.some((line) => pattern.test(line))]);
  return Object.fromEntries(said) as unknown as JobComment;
}

/** Which jobs somebody wants; a job runs by the first of these that takes it, in this order (Prow: PresubmitFilter). */
export interface PresubmitWish {
  /** Jobs whose own trigger pattern matches this text: past their change matchers, not past their branch filters. */
  text?: string;
  /** Jobs whose context failed, and automatic jobs that have none yet. */
  retest?: boolean;
  /** The same without optional jobs. */
  retestRequired?: boolean;
  /** Jobs that a merge waits for and that nothing starts by itself. */
  manualRequired?: boolean;
  /** Jobs that run by themselves. */
  automatic?: boolean;
}

/** What a comment wishes for. `honorOkToTest`: `/ok-to-test` counts (see `ignore_ok_to_test`). */
export function wishOf(text: string, comment: JobComment, honorOkToTest: boolean): PresubmitWish {
  return {
    text,
    retest: comment.retest,
    retestRequired: comment.retestRequired,
    manualRequired: comment.testManualRequired,
    automatic: comment.testAll || (honorOkToTest && comment.okToTest),
  };
}
