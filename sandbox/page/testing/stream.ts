/** Reads a page's event stream, message by message. */
export async function openStream(address: string) {
  const abort = new AbortController();
  const response = await fetch(address, { signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<{ event: string; data: unknown }> {
    while (!text.includes('\n\n')) text += (await reader?.read())?.value ?? '';
    const end = text.indexOf('\n\n');
    const message = text.slice(0, end);
    text = text.slice(end + 2);
    const line = (name: string) =>
      message
        .split('\n')
        .find((part) => part.startsWith(name))
        ?.slice(name.length) ?? '';
    return { event: line('event: '), data: JSON.parse(line('data: ')) };
  }
  async function nextOf(event: string): Promise<{ event: string; data: unknown }> {
    for (;;) {
      const message = await next();
      if (message.event === event) return message;
    }
  }
  return { next, nextOf, close: () => abort.abort() };
}
