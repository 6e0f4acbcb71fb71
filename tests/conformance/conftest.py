"""Runs every check against ours and against each emulator, and closes with a table of how each did."""

import collections
import contextlib
import pathlib
import uuid

import pytest
from botocore.exceptions import ClientError

from deviations import DEVIATIONS
from endpoints import COMMANDS, Endpoint

# How a check fails where the service answers otherwise. Anything else, a server that is gone say, is no deviation.
FAILURES = (AssertionError, ClientError, KeyError, ValueError, pytest.fail.Exception)


@pytest.fixture(scope="session")
def endpoints():
    """All of them, started at once: each takes seconds."""
    with contextlib.ExitStack() as stack:
        started = {}
        for name in COMMANDS:
            started[name] = Endpoint(name)
            stack.callback(started[name].stop)
        yield started


@pytest.fixture(scope="session", params=list(COMMANDS))
def aws(request, endpoints):
    return endpoints[request.param].ready()


@pytest.fixture
def name():
    """A name that no other check uses."""
    return f"check-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def refused():
    """`with refused(code, words)`: the call in it must be refused so; yields the answer."""

    @contextlib.contextmanager
    def refused(code, words=""):
        answer = {}
        try:
            yield answer
        except ClientError as error:
            answer.update(error.response)
            said = answer["Error"]
            assert said["Code"] == code, said
            assert words in said["Message"], said
        else:
            pytest.fail(f"not refused with {code}")

    return refused


def pytest_collection_modifyitems(items):
    """A known deviation has to fail: one that passes is out of date and turns the run red, as does one of no check."""
    known = {(emulator, check): why for emulator, checks in DEVIATIONS.items() for check, why in checks.items()}
    for item in items:
        endpoint, check = endpoint_and_check(item.name)
        if reason := known.pop((endpoint, check), None):
            item.add_marker(pytest.mark.xfail(strict=True, raises=FAILURES, reason=reason))
    files = {item.path.name for item in items}
    whole = files >= {path.name for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    if known and whole:
        raise pytest.UsageError(f"deviations.py lists what is no check: {sorted(known)}")


def endpoint_and_check(name):
    """`moto` and `a_check[empty]` of `test_a_check[moto-empty]`."""
    check, _, parameters = name.removeprefix("test_").rstrip("]").partition("[")
    endpoint, _, rest = parameters.partition("-")
    return endpoint, f"{check}[{rest}]" if rest else check


def pytest_terminal_summary(terminalreporter):
    """Checks by service, and how many of them each endpoint passes."""
    passed, total = collections.Counter(), collections.Counter()
    for outcome in ("passed", "failed", "xfailed", "xpassed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when != "call":
                continue
            file, _, name = report.nodeid.partition("::")
            service = pathlib.Path(file).stem.removeprefix("test_")
            endpoint, _ = endpoint_and_check(name)
            total[service, endpoint] += 1
            passed[service, endpoint] += outcome == "passed"
    services = sorted({service for service, _ in total})
    write = terminalreporter.write_line
    write("")
    write(f"{'service':<12}{'checks':>8}" + "".join(f"{endpoint:>12}" for endpoint in COMMANDS))
    for service in [*services, "all"]:
        def count(counted, endpoint, service=service):
            return sum(number for (of, at), number in counted.items() if at == endpoint and service in (of, "all"))
        checks = max((count(total, endpoint) for endpoint in COMMANDS), default=0)
        write(f"{service:<12}{checks:>8}" + "".join(f"{count(passed, endpoint):>12}" for endpoint in COMMANDS))
