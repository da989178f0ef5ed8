import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { CHANNEL_OPTIONS } from "./channel-options";
import { about, installDependencies } from "./package-manager";
import { programDependencies, requiredPackages } from "./packages";
import { runPlugin } from "./plugin";
import { runProgram } from "./program";
import type { RunningProgram } from "./program";

// `pulumi-language-nodejs`: what the Pulumi CLI starts to run Node.js programs, in place of the one that its own releases
// bring (docs/decisions/008-the-real-engine.md). The CLI gives its address as the last argument, and reads from the first
// line of standard output the port where this process serves `LanguageRuntime`.

let engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
const programs = new Set<RunningProgram>();

const service: UntypedServiceImplementation = {
  handshake: unary((request: language.LanguageHandshakeRequest) => {
    engineAddress = request.getEngineAddress();
    return new language.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => new PluginInfo()),
  getRequiredPackages: unary((request: language.GetRequiredPackagesRequest) => requiredPackages(request)),
  getProgramDependencies: unary((request: language.GetProgramDependenciesRequest) =>
    programDependencies(request),
  ),
  about: unary(about),
  runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
  template: unary(() => new language.TemplateResponse()),
  installDependencies,
  runPlugin,
  run: unary(async (request: language.RunRequest, call) => {
    const program = runProgram(request, engineAddress);
    programs.add(program);
    call.on("cancelled", () => program.cancel());
    return program.ended.finally(() => programs.delete(program));
  }),
  cancel: unary(() => {
    for (const program of programs) program.cancel();
    return new Empty();
  }),
};

type Call<Request> = ServerUnaryCall<Request, unknown>;

/** Serves one method; what it throws becomes the caller's error. */
function unary<Request, Response>(
  answer: (request: Request, call: Call<Request>) => Response | Promise<Response>,
) {
  return (call: Call<Request>, done: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );
  };
}

/** A host whose CLI was killed would otherwise wait for ever. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
}

const server = new Server(CHANNEL_OPTIONS);
server.addService(LanguageRuntimeService, service);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  endWithParent();
  process.stdout.write(`${port}\n`);
});
