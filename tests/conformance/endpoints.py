"""Where the checks are run: our local cloud, and emulators of AWS that others wrote. Each is a process of its own on a
free port of 127.0.0.1, and is ended by its number."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
import botocore.config

# The longest that a server may take to say where it listens, in seconds. An emulator takes about five on a busy machine.
START_S_MAX = 60

MINISTACK = """
import asyncio
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
config = Config()
config.bind = ["127.0.0.1:0"]
asyncio.run(serve(app, config))
"""

COMMANDS = {
    "ours": lambda: [os.environ["LOCAL_CLOUD"]],
    "moto": lambda: [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
    # Its own command listens on all interfaces and on port 443 too; this is the same application on one address.
    "ministack": lambda: [os.environ["MINISTACK_PYTHON"], "-c", MINISTACK],
}


class Endpoint:
    """An AWS under one address."""

    def __init__(self, name):
        self.name = name
        # A file and no pipe: nobody reads what it says later, and a full pipe would hold it up.
        self.said = tempfile.NamedTemporaryFile(prefix=f"{name}-", suffix=".log")
        self.process = subprocess.Popen(
            COMMANDS[name](),
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=self.said,
            stderr=subprocess.STDOUT,
        )
        self.url = None
        self._clients = {}

    def ready(self):
        """This, once it has said where it listens."""
        begun = time.monotonic()
        while self.url is None:
            said = pathlib.Path(self.said.name).read_text(errors="replace")
            if found := re.search(r"http://127\.0\.0\.1:\d+", said):
                self.url = found.group()
            elif self.process.poll() is not None or time.monotonic() - begun > START_S_MAX:
                raise RuntimeError(f"{self.name} did not say where it listens, but:\n{said[-2000:]}")
            else:
                time.sleep(0.05)
        return self

    def client(self, service):
        """The client of one service. It tries once, so that a check sees every answer."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name="us-east-1",
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=botocore.config.Config(
                    # What a client library refuses by itself says nothing about the service.
                    parameter_validation=False,
                    retries={"total_max_attempts": 1},
                    connect_timeout=10,
                    read_timeout=30,
                ),
            )
        return self._clients[service]

    def wait(self, seconds):
        """Lets time pass: ours is told so, for an emulator it has to pass."""
        if self.name == "ours":
            self.leap(seconds)
        else:
            time.sleep(seconds + 0.1)

    def leap(self, seconds):
        """Moves the clock further than anybody would wait."""
        assert self.name == "ours", f"{self.name} has no clock to move"
        body = json.dumps({"advance_s": seconds}).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.url}/clock", body, headers)
        urllib.request.urlopen(request, timeout=10).close()

    def stop(self):
        self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()
