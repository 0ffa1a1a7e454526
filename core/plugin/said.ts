/** One line on which a command was said. */
export interface Said<T> {
  name: string;
  args: T;
  /** The whole line, trimmed. */
  line: string;
}
