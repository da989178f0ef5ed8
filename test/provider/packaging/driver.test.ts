import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driverScript } from "../../../provider/packaging/driver";
import { freshFolder } from "./sources";

const folder = freshFolder();
const python = spawnSync("python3", ["--version"]).status === 0;

const ran = (script: string, program: string): string => {
  writeFileSync(join(folder(), "driver_x.py"), driverScript(script));
  return execFileSync("python3", ["-c", `import driver_x\n${program}`], { cwd: folder(), encoding: "utf8" });
};

describe("driverScript", () => {
  it("is the same for the same path, and another for another", () => {
    expect(driverScript("src/score.py")).toBe(driverScript("src/score.py"));
    expect(driverScript("src/score.py")).not.toBe(driverScript("src/main.py"));
  });

  it("cannot be broken out of by a path", () => {
    expect(driverScript('a"\nimport os; os.abort()\n".py')).toContain(
      '"a\\"\\nimport os; os.abort()\\n\\".py"',
    );
  });

  // The machine that tests need not have Python; where it has, the text is run and not only compared.
  (python ? it : it.skip)("hands over the script's own init and run, with the modules beside it", () => {
    mkdirSync(join(folder(), "src", "deep"), { recursive: true });
    writeFileSync(join(folder(), "src", "top.py"), "WHO = 'top'\n");
    writeFileSync(join(folder(), "src", "deep", "near.py"), "WHO = 'near'\n");
    writeFileSync(
      join(folder(), "src", "deep", "score.py"),
      "import near, top\ndef init():\n  global m\n  m = near.WHO\ndef run(data):\n  return m + top.WHO + data\nrun.marked = True\n",
    );
    expect(ran("src/deep/score.py", "driver_x.init(); print(driver_x.run('!'), driver_x.run.marked)")).toBe(
      "neartop! True\n",
    );
  });

  (python ? it : it.skip)("works for one script without a folder and without init", () => {
    writeFileSync(join(folder(), "score.py"), "def run(data):\n  return data\n");
    expect(ran("score.py", "driver_x.init(); print(driver_x.run('ok'))")).toBe("ok\n");
  });
});
