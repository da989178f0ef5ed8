"""The real azureml-core client as a server on its standard streams.

The first call is `open`, with the workspace; another `open` changes to another workspace. A line of JSON in, `{"call": name, "given": {…}}`, is a line of JSON out: `{"value": …}`, or `{"type": …, "message": …}` for
what the client raised. It ends when its input ends.
"""

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


class Server:
    def __init__(self):
        self.work = None

    def open(self, server, discovery_url, workspace_id, token):
        self.work = Work(client.connect(discovery_url, workspace_id, token), server, workspace_id, token)

    def call(self, name, given):
        return self.open(**given) if name == "open" else getattr(calls, name)(self.work, **given)

    def answer(self, line):
        command = json.loads(line)
        try:
            return {"value": self.call(command["call"], command["given"])}
        except Exception as error:
            return {"type": type(error).__name__, "message": getattr(error, "message", None) or str(error)}


def main():
    server = Server()
    for line in sys.stdin:
        answers.write(json.dumps(server.answer(line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
