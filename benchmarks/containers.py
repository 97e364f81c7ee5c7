"""Do the container files build, and does the image start as the composition starts it? As root, with buildah, podman and runc.

Where no registry is reached, Debian's own Python stands in for the image they begin with (mmdebstrap). PostgreSQL is that of
TEST_POSTGRES_URL, on this machine; the network is the machine's.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.postgres import empty_postgres
from tests.running import ROOT, free_port

CONTAINERFILE = ROOT / "deploy/Containerfile"
# Limits that root may not raise everywhere, and no cgroup of its own: crun (Debian 12) refuses cgroups of both versions at once.
RUN = "podman --runtime runc run --detach --network host --ulimit nofile=4096:4096 --ulimit nproc=4096:4096".split()
# As in compose.yaml.
HELD = "--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges".split()


def run(*command, **options):
    print("$", *command, flush=True)
    return subprocess.run(command, check=True, text=True, **options)


def stand_in(image):
    with tempfile.TemporaryDirectory() as folder:
        run(
            "mmdebstrap",
            "--variant=minbase",
            "--include=python3,python3-venv,ca-certificates",
            "bookworm",
            f"{folder}/base.tar",
        )
        (Path(folder) / "Containerfile").write_text("FROM scratch\nADD base.tar /\nRUN ln -s python3 /usr/bin/python\n")
        run("buildah", "bud", "--isolation", "chroot", "--tag", image, folder)


def build():
    image = next(line.split()[1] for line in CONTAINERFILE.read_text().splitlines() if line.startswith("FROM "))
    if subprocess.run(["buildah", "pull", "--policy", "missing", image], check=False).returncode:
        stand_in(image)
    certificates = ("--volume", "/etc/ssl/certs:/etc/ssl/certs:ro")
    how = ("--format", "docker", "--isolation", "chroot", "--network", "host", *certificates)
    run("buildah", "bud", *how, "--file", CONTAINERFILE, "--tag", "portal", ROOT)


def start(url):
    """Two servers on one database, at the same moment; what `doctor` says in one."""
    key, ports, names = secrets.token_urlsafe(64), [free_port(), free_port()], ["portal-try-1", "portal-try-2"]
    settings = {"PUBLIC_URL": "https://hilfe.example", "SECRET_KEY": key, "DATABASE_URL": url, "TRUSTED_PROXIES": "1"}
    settings |= {"METRICS_TOKEN": secrets.token_urlsafe(16), "PROMETHEUS_MULTIPROC_DIR": "/tmp/metrics"}
    try:
        for name, port in zip(names, ports, strict=True):
            given = [f"--env={key}={value}" for key, value in (settings | {"PORT": str(port)}).items()]
            run(*RUN, *HELD, *given, "--name", name, "portal")
        began = time.monotonic()
        for port in ports:
            while not ready(port):
                assert time.monotonic() - began < 120, "not ready"
                time.sleep(1)
        print(f"both ready after {time.monotonic() - began:.0f} s")
        run("podman", "exec", names[0], "python", "manage.py", "backup")
        run("podman", "exec", names[0], "python", "manage.py", "doctor")
        began = time.monotonic()
        run("podman", "stop", "--time", "30", *names)
        print(f"stopped after {time.monotonic() - began:.1f} s")
    finally:
        subprocess.run(["podman", "logs", names[0]], check=False)
        subprocess.run(["podman", "rm", "--force", "--volumes", *names], check=False)


def ready(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).status == 200
    except OSError:
        return False


if __name__ == "__main__":
    assert "TEST_POSTGRES_URL" in os.environ, "TEST_POSTGRES_URL names no PostgreSQL"
    assert all(map(shutil.which, ("buildah", "podman", "runc"))), "apt install buildah podman runc mmdebstrap"
    build()
    with empty_postgres() as url:
        start(url)
