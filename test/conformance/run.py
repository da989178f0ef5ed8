"""Runs the scenarios: a line for each, a count, and a JSON report. Exit status 1 when one failed."""

import argparse
import contextlib
import io
import json
import signal
import sys
import traceback

import client

client.prepare()

import deploying  # noqa: E402,F401
import registering  # noqa: E402,F401
import updating  # noqa: E402,F401
import using  # noqa: E402,F401
from scenario import SCENARIOS, Failed, Work  # noqa: E402


def too_long(*_):
    raise Failed("it took too long")


def why_of(error):
    if isinstance(error, Failed):
        return str(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
    text = getattr(error, "message", None) or str(error)
    return "%s at line %d: %s" % (type(error).__name__, frames[-1].lineno, text[:800])


def attempt(run, work, seconds):
    """Why a scenario failed; None when it passed. What the client prints is kept off the output."""
    signal.alarm(seconds)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run(work)
        return None
    except Exception as error:
        return why_of(error)
    finally:
        signal.alarm(0)
        work.clean()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--server", "--discovery-url", "--workspace-id", "--token", "--json"):
        parser.add_argument(name, required=True)
    parser.add_argument("--only", default="", help="run the scenarios whose name has this text")
    parser.add_argument("--fail-fast", action="store_true")
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one scenario")
    return parser.parse_args()


def main():
    given = arguments()
    signal.signal(signal.SIGALRM, too_long)
    results = []
    for name, run in [s for s in SCENARIOS if given.only in s[0]]:
        client.requests_sent[0] = 0
        workspace = client.connect(given.discovery_url, given.workspace_id, given.token)
        why = attempt(run, Work(workspace, given.server, given.workspace_id, given.token), given.timeout)
        result = {"name": name, "result": "fail" if why else "pass", "requests": client.requests_sent[0]}
        print("%s  %-72s %4d requests" % (result["result"], name, result["requests"]), flush=True)
        if why:
            result["why"] = why
            print("      " + why.replace("\n", "\n      "), flush=True)
        results.append(result)
        if why and given.fail_fast:
            break
    with open(given.json, "w") as file:
        json.dump(results, file)
    return 1 if any(r["result"] == "fail" for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
