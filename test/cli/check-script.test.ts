import * as fs from "node:fs";
import * as os from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { checkScript } from "../../cli/check-script/command";
import { readPython, statementsOf } from "../../cli/check-script/python-source";
import { checkPython } from "../../cli/check-script/rules";
import { runCli } from "./run";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(os.tmpdir(), "check-script-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const put = (files: Readonly<Record<string, string>>): string => {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
    fs.writeFileSync(join(folder, path), text);
  }
  return join(folder, "score.py");
};

const found = async (files: Readonly<Record<string, string>>): Promise<string[]> =>
  (await checkScript(put(files))).findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);

const run = "\ndef run(data):\n    return data\n";

/** Scripts as people have them, each with all that is to be found in it. */
const scripts: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
  [
    "1: Microsoft's first example",
    {
      "score.py": `import joblib
from azureml.core.model import Model

def init():
    global model
    model_path = Model.get_model_path("sklearn_mnist")
    model = joblib.load(model_path)
${run}`,
    },
    ["score.py:2 azureml-core", "score.py:6 get-model-path"],
  ],
  [
    "2: the folder of one model",
    {
      "score.py": `import os, joblib

def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))
${run}`,
    },
    [],
  ],
  [
    "3: several models by name and version",
    {
      "score.py": `import os, joblib

def init():
    global a, b
    root = os.environ["AZUREML_MODEL_DIR"]
    a = joblib.load(os.path.join(root, "fraud", "7", "model.pkl"))
    b = joblib.load(
        os.path.join(root, "churn/2/model.pkl")
    )
${run}`,
    },
    ["score.py:6 several-models", "score.py:7 several-models"],
  ],
  [
    "4: data collection",
    {
      "score.py": `from azureml.monitoring import ModelDataCollector

def init():
    global inputs
    inputs = ModelDataCollector("fraud", designation="inputs", feature_names=["a"])
${run}`,
    },
    ["score.py:1 azureml-monitoring"],
  ],
  [
    "5: raw HTTP",
    {
      "score.py": `from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse

def init():
    pass

@rawhttp
def run(request):
    return AMLResponse("x", 200)
`,
    },
    ["score.py:1 raw-http", "score.py:2 raw-http"],
  ],
  [
    "6: files beside the script, by relative paths",
    {
      "score.py": `import json, pickle
import pandas as pd

def init():
    global config, names, table
    config = json.load(open("config.json"))
    with open('./vocab/names.txt', "rb") as f:
        names = pickle.load(f)
    table = pd.read_csv("data/table.csv", sep=";")
${run}`,
    },
    ["score.py:6 relative-path", "score.py:7 relative-path", "score.py:9 relative-path"],
  ],
  [
    "7: files beside the script, as they should be",
    {
      "score.py": `import os, json
HERE = os.path.dirname(os.path.abspath(__file__))

def init():
    global config
    config = json.load(open(os.path.join(HERE, "config.json")))
    open("/tmp/ready", "w").close()
${run}`,
    },
    [],
  ],
  [
    "8: everything only in comments and texts",
    {
      "score.py": `"""Used to call Model.get_model_path("x") of azureml.core.

from azureml.core.model import Model
"""
# from azureml.monitoring import ModelDataCollector
def init():
    print("import azureml.core", 'Model.get_model_path("a")')  # open("x.json")
${run}`,
    },
    [],
  ],
  [
    "9: functions of its own with such names",
    {
      "score.py": `class Model:
    @staticmethod
    def get_model_path(name):
        return "/opt/" + name

class Loader:
    def load(self, key):
        return key

def init():
    global path, it
    path = Model.get_model_path("x")
    it = Loader().get_model_path if False else None
${run}`,
    },
    [],
  ],
  [
    "10: under other names",
    {
      "score.py": `import azureml.core as core
from azureml.core import Model as M

def init():
    global a, b
    a = M.get_model_path(model_name="a")
    b = core.model.Model.get_model_path("b")
${run}`,
    },
    [
      "score.py:1 azureml-core",
      "score.py:2 azureml-core",
      "score.py:6 get-model-path",
      "score.py:7 get-model-path",
    ],
  ],
  [
    "11: a module of the folder",
    {
      "score.py": `from lib.loading import load_all

def init():
    load_all()
${run}`,
      "lib/loading.py": `from azureml.core import Run, Workspace

def load_all():
    return Run.get_context().experiment.workspace
`,
    },
    ["lib/loading.py:1 azureml-core"],
  ],
  [
    "12: requirements and a conda definition",
    {
      "score.py": `def init():\n    pass\n${run}`,
      "conda.yml": `name: project
dependencies:
  - python=3.8
  - pip:
    - azureml-core==1.40.0
    - azureml-defaults
    - azureml-monitoring  # collects
    # - azureml-sdk
`,
      "requirements.txt": "numpy\nazureml-contrib-services>=1\nazureml-ai-monitoring\n",
    },
    ["conda.yml:5 v1-requirement", "conda.yml:7 v1-requirement", "requirements.txt:2 v1-requirement"],
  ],
  [
    "13: folders of the container",
    {
      "score.py": `import joblib

def init():
    global model
    model = joblib.load("/var/azureml-app/azureml-models/fraud/7/model.pkl")
${run}`,
    },
    ["score.py:5 v1-path"],
  ],
  [
    "14: no run",
    { "score.py": "def init():\n    pass\n\ndef predict(data):\n    return data\n" },
    ["score.py:1 entry-script"],
  ],
  [
    "15: init and run from elsewhere",
    { "score.py": "from service import init\nimport service\nrun = service.run\n", "service.py": "x = 1\n" },
    [],
  ],
  [
    "16: a formatted path of several models",
    {
      "score.py": `import os
from pathlib import Path

def init():
    global model
    base = Path(os.getenv("AZUREML_MODEL_DIR", "."))
    model = open(base / "fraud" / "7" / "model.bin", "rb").read()
    other = open(f"{base}/churn/3/model.bin", "rb")
${run}`,
    },
    ["score.py:7 several-models", "score.py:8 several-models"],
  ],
  [
    "17: what runs unchanged",
    {
      "score.py": `import os
import numpy as np
from inference_schema.schema_decorators import input_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from azureml.ai.monitoring import Collector

def init():
    global model, collector
    collector = Collector(name="model_inputs")
    for root, _, files in os.walk(os.environ["AZUREML_MODEL_DIR"]):
        model = [os.path.join(root, f) for f in files if f.endswith(".onnx")]

@input_schema("data", NumpyParameterType(np.array([[0.1, 0.2]])))
def run(data):
    return {"version": "1.0/7", "url": "https://example.com/3/x"}
`,
    },
    [],
  ],
  [
    "18: libraries that load by name",
    {
      "score.py": `import spacy, torch
from transformers import pipeline

def init():
    global nlp, model, other
    nlp = spacy.load("en_core_web_sm")
    model = torch.hub.load("pytorch/vision:v0.10.0", "resnet18")
    other = torch.load("weights/model.pt", map_location="cpu")
${run}`,
    },
    ["score.py:8 relative-path"],
  ],
  [
    "19: imports that are only tried, and by text",
    {
      "score.py": `import importlib
try:
    import os, azureml.core
except ImportError:
    azureml = None

def init():
    importlib.import_module("azureml.monitoring")
    import azureml.train.automl
${run}`,
    },
    ["score.py:3 azureml-core", "score.py:8 azureml-monitoring", "score.py:9 other-v1-package"],
  ],
  [
    "20: packages that lie beside it",
    {
      "score.py": `def init():\n    pass\n${run}`,
      ".venv/lib/x.py": "import azureml.core\n",
      "env/lib/x.py": "import azureml.core\n",
      "__pycache__/x.py": "import azureml.core\n",
      "notes.txt": "import azureml.core\n",
    },
    [],
  ],
];

it.each(scripts)("%s", async (_, files, expected) => {
  expect(await found(files)).toEqual(expected);
});

test("every finding has what to write in its place", async () => {
  for (const [, files] of scripts)
    for (const finding of (await checkScript(put(files))).findings) {
      expect(finding.says).toMatch(/\.$/);
      expect(finding.replacement).not.toBe("");
    }
});

test("with one model a number in a path is the model's own", () => {
  const text = 'import os\nx = os.path.join(os.environ["AZUREML_MODEL_DIR"], "saved", "1")\n';
  expect(checkPython("score.py", text, false)).toEqual([]);
  expect(checkPython("score.py", text, true)).toHaveLength(1);
});

test("whatever a file holds is read to its end, its lines where they are", () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    "\n",
    "#",
    "f",
    "{",
    "}",
    "(",
    ")",
    "r",
    "x",
    "é",
    "😀",
    ";",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      const source = readPython(text);
      expect(source.code).toHaveLength(text.length);
      expect(source.code.split("\n")).toHaveLength(text.split("\n").length);
      const texts = statementsOf(source).flatMap(({ strings }) => strings);
      expect(texts.every(({ start, end }) => start < end && end <= text.length)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a file of a million brackets and quotes does not take long, or the stack", () => {
  for (const text of ["(".repeat(500_000), "'".repeat(500_000), 'f"{'.repeat(2000), "a.".repeat(300_000)])
    expect(() => checkPython("score.py", text)).not.toThrow();
});

const check = (...args: readonly string[]) => runCli(["check-script", ...args], { cwd: folder });

test("text, markdown and JSON say the same", async () => {
  const script = put(scripts[0]![1]);
  const text = await check(script);
  expect(text.status).toBe(2);
  expect(text.stdout).toContain("score.py:6: breaks (get-model-path)");
  expect(text.stdout).toContain("score.py: 1 file, 2 that break, 0 to look at");
  expect((await check(script, "--format", "markdown")).stdout).toContain("| `score.py:6` | **breaks**:");
  const json = await check(script, "--format", "json");
  expect((JSON.parse(json.stdout) as { findings: unknown[] }).findings).toHaveLength(2);
  expect((await check("--script", "score.py", "--json")).stdout).toBe(json.stdout);
});

it.each([
  [[], "--script SCRIPT is required"],
  [["nowhere.py"], "found nothing at "],
  [["."], "found a folder at "],
  [["x.py", "--format", "xml"], '--format: expected text, markdown, json, found "xml"'],
  [["x.py", "--models", "many"], '--models: expected a number, found "many"'],
  [["x.py", "--odd"], "unknown option --odd"],
  [["x.py", "y.py"], 'expected nothing more, found "y.py"'],
  [["--script", "x.py", "y.py"], 'expected options only, found "y.py"'],
])("%j cannot run: %s", async (args, says) => {
  expect(await check(...args)).toEqual({
    status: 3,
    stdout: "",
    stderr: expect.stringContaining(says) as string,
  });
});

test("nothing found is 0", async () => {
  expect((await check(put(scripts[1]![1]))).status).toBe(0);
});

test("what cannot be read is said, and is no clean bill", async () => {
  put({ ...scripts[1]![1], "data.py": "#".repeat(2_000_001) });
  const { status, stdout } = await check("score.py");
  expect({ status, stdout }).toEqual({
    status: 2,
    stdout: expect.stringContaining("not read: data.py") as string,
  });
});

test("a folder that cannot be read is said", async () => {
  put({ ...scripts[1]![1], "closed/data.py": "x = 1\n" });
  const readdir = fs.promises.readdir.bind(fs.promises) as (...args: unknown[]) => Promise<never>;
  jest
    .spyOn(fs.promises, "readdir")
    .mockImplementation((path, ...rest) =>
      String(path).endsWith("closed") ? Promise.reject(new Error("EACCES")) : readdir(path, ...rest),
    );
  const { status, stdout } = await check("score.py");
  expect({ status, stdout }).toEqual({
    status: 2,
    stdout: expect.stringContaining("not read: closed: a folder that cannot be read") as string,
  });
});

test("the known answers, as one line", async () => {
  const [missed, alarms]: [string[], string[]] = [[], []];
  for (const [name, files, expected] of scripts) {
    fs.rmSync(folder, { recursive: true });
    const all = await found(files);
    missed.push(...expected.filter((one) => !all.includes(one)).map((one) => `${name}: ${one}`));
    alarms.push(...all.filter((one) => !expected.includes(one)).map((one) => `${name}: ${one}`));
  }
  process.stdout.write(
    `check-script: ${scripts.length} scripts with known answers; misses ${missed.length}, false alarms ${alarms.length}\n`,
  );
  expect({ count: scripts.length, missed, alarms }).toEqual({ count: 20, missed: [], alarms: [] });
});
