/** Text as a Python literal; JSON's escapes are Python's too. */
const literal = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

/**
 * The program that the service starts: it loads the entry script by its path and offers the script's own `init` and `run`,
 * so that whatever decorates them stays. A function of the path alone; running services hold its name, so its text must not change.
 *
 * @param script path of the entry script beside the driver, with slashes
 */
export const driverScript = (
  script: string,
): string => `# Loads the entry script and hands its init and run to the server.
import importlib.util
import os
import sys

ENTRY_SCRIPT = ${literal(script)}


def _load():
    home = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(home, *ENTRY_SCRIPT.split("/"))
    # The script finds the modules beside it, and those at the top of its source.
    for folder in (os.path.join(home, ENTRY_SCRIPT.split("/")[0]), os.path.dirname(path)):
        if os.path.isdir(folder) and folder not in sys.path:
            sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("entry_script", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["entry_script"] = module
    spec.loader.exec_module(module)
    return module


_script = _load()
run = _script.run


def init():
    begin = getattr(_script, "init", None)
    if begin is not None:
        begin()
`;
