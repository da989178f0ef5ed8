import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MODULES = join(__dirname, "..", "..", "node_modules");

/** A dynamic provider that keeps what it is given, and says how far it is. */
const PROVIDER = `
const grpc = require("@grpc/grpc-js");
const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { LogRequest } = require("@pulumi/pulumi/proto/engine_pb");
const engine = new EngineClient(process.argv[2], grpc.credentials.createInsecure());
const say = (urn, message, ephemeral) => new Promise((done) => {
  const line = new LogRequest();
  line.setSeverity(1);
  line.setUrn(urn);
  line.setMessage(message);
  line.setEphemeral(ephemeral);
  engine.log(line, done);
});
const made = (inputs) => ({ ...inputs, size: (inputs.name ?? "").length });
module.exports = {
  async create(inputs) {
    if (inputs.urn_) await say(inputs.urn_, "half way", true);
    if (inputs.urn_) await say(inputs.urn_, "made " + inputs.name, false);
    return { id: "id-" + inputs.name, outs: made(inputs) };
  },
  async update(id, olds, inputs) { return { outs: made(inputs) }; },
};
`;

export interface ToyFiles {
  readonly [path: string]: string;
}

/** A Pulumi project in a folder of its own, with the toy provider as the package "toy". */
export function toyProject(files: ToyFiles): { readonly projectDir: string; readonly workDir: string } {
  const workDir = mkdtempSync(join(realpathSync(tmpdir()), "rehearsal-"));
  const projectDir = join(workDir, "project");
  mkdirSync(join(projectDir, "node_modules", "toy"), { recursive: true });
  for (const name of ["@pulumi", "@grpc", "google-protobuf"]) {
    symlinkSync(join(MODULES, name), join(projectDir, "node_modules", name));
  }
  writeFileSync(join(projectDir, "node_modules", "toy", "index.js"), PROVIDER);
  writeFileSync(join(projectDir, "package.json"), JSON.stringify({ name: "toys", private: true }));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(projectDir, path), content);
  return { projectDir, workDir };
}

/** A resource class over the toy provider. */
export const TOY_CLASS = `
class Toy extends pulumi.CustomResource {
  constructor(name, props, options) {
    super("pulumi-nodejs:dynamic/toy:Toy", name,
      { size: undefined, ...props, __provider: 'exports.handler=()=>require("toy");' }, options);
  }
}
`;
