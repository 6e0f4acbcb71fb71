"""Holds the sandbox to its own description: schemathesis sends what the OpenAPI document allows, and what it does not, as an owner
who is signed in, and no answer may be a failure or one that the document does not know.

    SANDBOX=target/debug/sandbox .dev/openapi/bin/python tests/openapi/check.py [EXAMPLES]
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

PASSWORD = "sandbox password"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# They end the session that the requests are made with, or lock its account.
LEFT_OUT = r"^/api/(sign-in|sign-out|authenticator|sessions/|session/step-up)"
# Requests tried for each operation, unless told otherwise.
EXAMPLES = "40"


class Portal:
    """A browser at the sandbox's portal."""

    def __init__(self, base):
        self.base = base
        self.cookie = None

    def send(self, method, path, body=None, headers=()):
        request = urllib.request.Request(self.base + path, method=method)
        for name, value in {
            "origin": self.base,
            "x-linky-client": "portal",
            "content-type": "application/json",
            **({"cookie": self.cookie} if self.cookie else {}),
            **dict(headers),
        }.items():
            request.add_header(name, value)
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data) as answer:
            cookie = answer.headers.get("set-cookie")
            if cookie:
                self.cookie = cookie.split(";")[0]
            return json.load(answer)

    def card(self):
        cards = self.send("GET", "/control/staff")
        cards = cards["staff"] if isinstance(cards, dict) else cards
        return next(card for card in cards if card["role"] == "owner")

    def sign_in(self):
        # The code they were set up with is used up.
        self.send("POST", "/control/advance", {"seconds": 30})
        form = {"kind": "administrator", "email": self.card()["email"], "password": PASSWORD}
        self.send("POST", "/api/sign-in", form)
        self.send("POST", "/api/sign-in/second-factor", {"code": self.card()["code"]})


def started(sandbox):
    """The sandbox as a process, and its address, once it is ready."""
    process = subprocess.Popen(
        [sandbox, "--no-demo", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    base = None
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        base = base or (found and found.group(0))
        if "Three things to try" in line:
            break
    else:
        raise SystemExit("the sandbox did not start")
    threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()
    return process, base


def named(portal):
    """Real ids for the parameters of the paths: what is refused for an unknown one says little."""
    portal.send("POST", "/checkout", {"plan": "prospector", "email": "ada@example.com", "name": "Ada"})
    for _ in range(60):
        users = portal.send("GET", "/api/admin/users")["users"]
        if users:
            break
        time.sleep(0.5)
    staff = portal.send("GET", "/api/admin/staff")["staff"]
    viewer = next(person["id"] for person in staff if person["role"] == "viewer")
    return {"users": users[0]["id"], "staff": viewer}


def settings(ids):
    lines = []
    for kind, value in ids.items():
        lines += ["[[operations]]", f'include-path-regex = "^/api/admin/{kind}/"', f'parameters = {{ "path.id" = "{value}" }}', ""]
    return "\n".join(lines)


def main():
    examples = sys.argv[1] if len(sys.argv) > 1 else EXAMPLES
    process, base = started(os.environ["SANDBOX"])
    try:
        portal = Portal(base)
        portal.sign_in()
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "schemathesis.toml"
            config.write_text(settings(named(portal)))
            command = [
                str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config),
                "run", f"{base}/openapi.json", "--url", base, "--no-color",
                "-H", f"Cookie: {portal.cookie}", "-H", f"Origin: {base}", "-H", "x-linky-client: portal",
                "--checks", CHECKS, "--exclude-path-regex", LEFT_OUT,
                "--phases", "coverage,fuzzing", "--max-examples", examples, "--seed", "1", "--continue-on-failure",
            ]
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200)
        portal.send("GET", "/api/session")
    finally:
        process.terminate()
        process.wait()
    told = ran.stdout + ran.stderr
    cases = re.search(r"(\d+) generated", told)
    if ran.returncode != 0 or not cases or int(cases.group(1)) < 1000:
        print(told)
        raise SystemExit("the API does not do what its description says")
    print(f"{cases.group(1)} requests, and every answer is as described")


if __name__ == "__main__":
    main()
