import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../test/harness/project-folder";

/** A terminal's text as a picture, drawn from what a page says was printed. */
interface Picture {
  readonly name: string;
  /** The page in docs/, and the text before the block that is drawn. */
  readonly page: string;
  readonly after: string;
  readonly command: string;
}

export const pictures: readonly Picture[] = [
  {
    name: "preview",
    page: "concepts.md",
    after: "<!-- preview:update:begin -->",
    command: "pulumi preview --diff",
  },
  {
    name: "compare",
    page: "comparing.md",
    after: "<!-- compare -->",
    command:
      "pulumi-azureml compare --old fraud --new https://fraud-v2.example/score --inputs requests.jsonl",
  },
];

interface Theme {
  readonly back: string;
  readonly text: string;
  readonly faint: string;
  /** Colours by a line's first mark. */
  readonly marks: Readonly<Record<string, string>>;
}

export const themes: Readonly<Record<"light" | "dark", Theme>> = {
  light: {
    back: "#f6f8fa",
    text: "#1f2328",
    faint: "#656d76",
    marks: { "+": "#116329", "-": "#a40e26", "~": "#7d4e00", "✓": "#116329", "✗": "#a40e26" },
  },
  dark: {
    back: "#161b22",
    text: "#e6edf3",
    faint: "#8b949e",
    marks: { "+": "#7ee787", "-": "#ffa198", "~": "#e3b341", "✓": "#7ee787", "✗": "#ffa198" },
  },
};

const [WIDTH, LINE, MARGIN] = [8.4, 20, 20];

/** The picture's text in SVG: one element for each line, so that it can be selected and read aloud. */
export const drawn = (
  { command }: Picture,
  text: string,
  { back, text: plain, faint, marks }: Theme,
): string => {
  const lines = [`$ ${command}`, ...text.split("\n").filter((line) => !/^\s*\[(urn|id)=/.test(line))];
  const width = Math.ceil(Math.max(...lines.map(({ length }) => length)) * WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const colour = (line: string, index: number): string =>
    index === 0 ? faint : (marks[line.trim().charAt(0)] ?? plain);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="${back}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    ...lines.map(
      (line, index) =>
        `<text x="${MARGIN}" y="${MARGIN + (index + 0.75) * LINE}" fill="${colour(line, index)}">${escaped(line)}</text>`,
    ),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The text of the first fenced block after a place in a page. */
export const blockOf = ({ page, after }: Picture): string => {
  const text = readFileSync(join(repository(), "docs", page), "utf8");
  const block = /```text\n([^]*?)\n```/.exec(text.slice(text.indexOf(after)));
  if (!text.includes(after) || !block) throw new Error(`NoBlock: docs/${page} has no block after ${after}`);
  return block[1]!;
};

export const fileOf = ({ name }: Picture, theme: string): string =>
  join(repository(), "docs", "images", `${name}-${theme}.svg`);

/** Draws all pictures anew from what the pages say. */
export const drawPictures = (): void => {
  mkdirSync(join(repository(), "docs", "images"), { recursive: true });
  for (const picture of pictures)
    for (const [theme, colours] of Object.entries(themes))
      writeFileSync(fileOf(picture, theme), drawn(picture, blockOf(picture), colours));
};
