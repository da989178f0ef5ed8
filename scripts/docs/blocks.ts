/** The page with new text between `<!-- name:begin -->` and `<!-- name:end -->`. */
export const withBlock = (page: string, name: string, text: string): string => {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`NoBlock: the page has no block ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
};

/** A fenced excerpt under the engine's name. */
export const excerpt = (title: string, text: string): string =>
  [`${title}:`, "", "```text", text.trim(), "```"].join("\n");
