import { checked, checkedText } from "./checks";
import { commandsOf } from "./commands";
import { exampleCodeOf } from "./example-code";
import { filesIn, leaks, withoutDebugMessages, type Secret } from "./leaks";
import type { Log } from "./log";
import { ownProgramOf } from "./own-program";
import { runScript } from "./script";
import { newToken, type Session } from "./session";
import type { Operation } from "./stack";
import type { Outputs, Tour } from "./step";
import { openWorkspace } from "./workspace";

/** What the steps of the demo work with. */
export function openTour(session: Session, log: Log): Tour {
  const secrets: Secret[] = [{ name: "bearer token", value: session.emulator().accessToken }];
  const engineSaid: string[] = [];
  const keepSecret = (name: string, value: string) => void secrets.push({ name, value });
  const said = ({ text }: Operation) => void engineSaid.push(text);
  return {
    ...commandsOf(session, log, said),
    ...ownProgramOf(session, log),
    ...exampleCodeOf(session, log),
    async outputs() {
      log.goOn();
      const outputs = (await session.stack.outputs({ showSecrets: true })) as unknown as Outputs;
      const { primaryKey, secondaryKey } = await openWorkspace(session.emulator()).keys("fraud");
      keepSecret("primary key", primaryKey);
      keepSecret("secondary key", secondaryKey);
      return outputs;
    },
    script: (file, ...args) => runScript(session, log, file, args),
    workspace: () => openWorkspace(session.emulator()),
    accessToken: () => session.emulator().accessToken,
    async rotateToken() {
      const accessToken = newToken();
      keepSecret("bearer token", accessToken);
      await session.restart(accessToken);
    },
    keepSecret,
    filesWith: (text) =>
      filesIn(session.folder.engine)
        .filter((file) => file.text.includes(text))
        .map(({ where }) => where),
    leaks: () => leaks(placesOf(session, engineSaid, log), secrets),
    say: log.report.say,
    check: (claim, found, expected) => log.check(checked(claim, found, expected)),
    checkText: (claim, text, part) => log.check(checkedText(claim, text, part)),
  };
}

/** All that the engine and the demo have written. The workspace's own files hold the keys, as a workspace does. */
const placesOf = ({ folder }: Session, engineSaid: readonly string[], { report }: Log) => [
  ...filesIn(folder.engine).map(withoutDebugMessages),
  ...filesIn(folder.project),
  { where: "what the engine printed", text: engineSaid.join("\n") },
  { where: "what the demo printed", text: report.printed() },
];
