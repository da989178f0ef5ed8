import { readFileSync } from "node:fs";
import { blockOf, drawn, fileOf, pictures, themes } from "../../scripts/picture";

describe("the pictures of README", () => {
  const rows = pictures.flatMap((picture) =>
    Object.entries(themes).map(([theme, colours]) => ({ picture, theme, colours, name: picture.name })),
  );

  it.each(rows)("$name, $theme: drawn from what its page says was printed", ({ picture, theme, colours }) => {
    expect(readFileSync(fileOf(picture, theme), "utf8")).toBe(drawn(picture, blockOf(picture), colours));
  });

  it.each(rows)("$name, $theme: is in README", ({ name, theme }) => {
    const readme = readFileSync(`${__dirname}/../../README.md`, "utf8");
    expect(readme).toContain(`docs/images/${name}-${theme}.svg`);
  });
});
