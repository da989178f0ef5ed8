"""Scores card payments. AZUREML_MODEL_DIR is where the service puts the registered model."""

import json
import os

from features import features_of

VERSION = "1"


def init():
    global weights
    folder = os.environ.get("AZUREML_MODEL_DIR", ".")
    with open(os.path.join(folder, "fraud.json")) as file:
        weights = json.load(file)


def run(data):
    payments = json.loads(data)["data"]
    return [sum(weights[name] * value for name, value in features_of(payment).items()) for payment in payments]
