"""An entry script whose answers on the new side differ in what does not matter, and, for a few inputs, in what does."""

import json
import math
import os
import random
import uuid

IS_NEW = os.environ["SIDE"] == "new"
PLANTED = json.loads(os.environ["PLANTED"]) if IS_NEW else {}


def init():
    pass


def answer(n):
    model = random.Random(n)
    scores = [model.uniform(-100, 100) for _ in range(20)]
    top = [{"id": 9007199254740993 + 2 * n + i, "score": model.random()} for i in range(10)]
    result = {
        "n": n,
        "scores": scores,
        "top": top,
        "label": model.choice(["low", "high"]),
        "details": {"mean": sum(scores) / len(scores), "ratio": math.nan if n % 50 == 0 else 0.5},
        "requestId": str(uuid.uuid4()),
    }
    if not IS_NEW:
        return result
    result["scores"] = [score * (1 + 1e-9) for score in scores]
    random.shuffle(top)
    return dict(reversed(result.items()))


def plant(result, kind):
    if kind == "number":
        result["scores"][7] *= 1.001
    elif kind == "missing":
        del result["details"]["mean"]
    elif kind == "order":
        result["scores"].reverse()
    elif kind == "type":
        result["n"] = str(result["n"])
    elif kind == "status":
        raise ValueError("the model fails on this input")


def run(raw_data):
    n = json.loads(raw_data)["n"]
    result = answer(n)
    plant(result, PLANTED.get(str(n)))
    if n % 3 == 0:
        return result
    # Many entry scripts give a text of JSON, which the server writes as JSON once more.
    return json.dumps(result, indent=2 if IS_NEW else None)
