"""The real azureml-core client, pointed at a server on loopback.

`prepare` must run before azureml is imported: the client fixes the path of its discovery cache then.
What it changes of the client, and why:
  * requests to other hosts than loopback are refused, so that nothing of this machine leaves it;
  * sleeps are cut short, since the client polls every five seconds;
  * the upload of a file is one plain PUT, since the original insists on https and a storage host name.
Authentication, discovery, request bodies, polling and the reading of answers are the client's own.
"""

import atexit
import os
import re
import shutil
import tempfile
import time
import warnings
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost")
requests_sent = [0]


def prepare():
    """A home and working directory of its own, no git checkout around it, no proxy."""
    home = tempfile.mkdtemp(prefix="azureml-conformance-")
    atexit.register(shutil.rmtree, home, True)
    for name in [n for n in os.environ if n.startswith("AZUREML_")]:
        del os.environ[name]
    os.environ.update(
        HOME=home,
        TZ="UTC",
        NO_PROXY=",".join(LOOPBACK),
        no_proxy=",".join(LOOPBACK),
        GIT_CEILING_DIRECTORIES=home,
        AZUREML_LOG_DEPRECATION_WARNING_ENABLED="False",
        AZUREML_DEFAULT_503_BACKOFF="2",
    )
    time.tzset()
    os.chdir(home)
    warnings.simplefilter("ignore")
    import logging

    logging.disable(logging.ERROR)
    _watch_requests()
    _shorten_sleeps()
    _upload_by_plain_put()
    return home


def _watch_requests():
    import requests

    original = requests.adapters.HTTPAdapter.send

    def send(adapter, request, *args, **kwargs):
        if urlsplit(request.url).hostname not in LOOPBACK:
            raise RuntimeError("refused: a request to " + str(urlsplit(request.url).hostname))
        requests_sent[0] += 1
        return original(adapter, request, *args, **kwargs)

    requests.adapters.HTTPAdapter.send = send


def _shorten_sleeps():
    original = time.sleep
    time.sleep = lambda seconds: original(min(seconds, 0.02))


def _upload_by_plain_put():
    import requests
    from azureml._restclient import artifacts_client

    def upload(stream, url, *_args, **_kwargs):
        answer = requests.put(url, data=stream.read(), headers={"x-ms-blob-type": "BlockBlob"}, timeout=30)
        answer.raise_for_status()

    artifacts_client.upload_blob_from_stream = upload


def connect(discovery_url, workspace_id, token):
    """A Workspace that finds its hosts through the discovery document."""
    from azureml._restclient.service_context import ServiceContext
    from azureml.core import Workspace
    from azureml.core.authentication import ArmTokenAuthentication

    parts = re.match(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/.*/workspaces/([^/]+)$", workspace_id)
    guid = "00000000-0000-0000-0000-0000000000aa"
    auth = ArmTokenAuthentication(token, cloud="AzureCloud")
    context = ServiceContext(parts[1], parts[2], parts[3], guid, discovery_url, auth)
    return Workspace._from_service_context(context, "westeurope")
