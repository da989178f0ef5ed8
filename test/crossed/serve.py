"""The real azureml-core client as a server on its standard streams.

A line of JSON in, `{"call": name, "given": {…}}`, is a line of JSON out: `{"value": …}`, or `{"type": …, "message": …}` for
what the client raised. It ends when its input ends.
"""

import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance"))

# The client prints; only answers go where the caller reads.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import client  # noqa: E402

client.prepare()

import calls  # noqa: E402
from scenario import Work  # noqa: E402


def answer(work, line):
    command = json.loads(line)
    try:
        return {"value": getattr(calls, command["call"])(work, **command["given"])}
    except Exception as error:
        return {"type": type(error).__name__, "message": getattr(error, "message", None) or str(error)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--server", "--discovery-url", "--workspace-id", "--token"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    workspace = client.connect(given.discovery_url, given.workspace_id, given.token)
    work = Work(workspace, given.server, given.workspace_id, given.token)
    for line in sys.stdin:
        answers.write(json.dumps(answer(work, line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
