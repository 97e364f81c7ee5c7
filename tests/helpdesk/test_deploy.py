"""As `deploy/` sets it up: nginx with TLS in front of two application servers that share a PostgreSQL and the attachments."""

import json
import os
import re
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from django.urls import URLResolver, get_resolver, reverse

from tests import behind_nginx, running
from tests.helpdesk.test_fresh import SET
from tests.postgres import empty_postgres

DEPLOY = running.ROOT / "deploy"
SECRET = "geheimnis7421"
PASSWORD = "nur-fuer-den-test-7421"
ACCOUNT = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user({name!r}, password={password!r}, is_staff=True)
user.groups.add(Group.objects.get(name="Redaktion"))
"""
ATTACHMENT = """
from django.core.files.base import ContentFile
with door_open():
    stored = StoredFile.objects.create(sha256="0" * 64, kind="pdf", size=4, file=ContentFile(b"%PDF", "blatt.pdf"))
store(Attachment(slug="blatt", title="Blatt", name="Blatt.pdf", stored=stored, was_public=True))
"""
PICTURE = """
make_picture("fenster")
make_entry("mit-bild", body="![](bild:fenster)")
"""
WITHDRAWN = """
edit(Entry.objects.get(slug="mit-bild"), status="draft")
"""
needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="There is no nginx: apt install nginx-light")
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="There is no systemd: apt install systemd"
)


class Site:
    """nginx and its two servers; `first` and `second` are asked past it."""

    def __init__(self, nginx, first, second):
        self.nginx, self.first, self.second = nginx, first, second
        self.get = nginx.get

    def log_in(self, name, password=PASSWORD, **headers):
        """The answer to a try to log in, with the session it began in `session`."""
        form = self.get("/konto/login/")
        token = re.search(r"csrftoken=(\w+)", form.headers["Set-Cookie"])[1]
        fields = {"login": name, "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
        more = {"Cookie": f"csrftoken={token}", "Content_Type": "application/x-www-form-urlencoded"}
        more |= {"Referer": f"{self.nginx.origin}/konto/login/", "Origin": self.nginx.origin}
        answer = self.get("/konto/login/", urllib.parse.urlencode(fields), **more, **headers)
        found = re.search(r"sessionid=(\w+)", str(answer.headers))
        answer.session = found and f"sessionid={found[1]}"
        return answer


@pytest.fixture(scope="module")
def site(prepared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "uploads").mkdir()
    nginx = behind_nginx.Nginx(folder / "nginx")
    with empty_postgres() as url, ExitStack() as stack:
        env = {"DATABASE_URL": url, "PUBLIC_URL": nginx.origin, "TRUSTED_PROXIES": "1"}
        servers = []
        for name in ("first", "second"):
            shutil.copytree(prepared / "static", folder / name / "static")
            (folder / name / "uploads").symlink_to(folder / "uploads")
            servers.append(running.Portal(folder / name, **env))
            stack.callback(servers[-1].stop)
        prepare_at_once(servers)
        for server in servers:
            server.start()
        stack.callback(nginx.stop)
        nginx.start([server.port for server in servers])
        yield Site(nginx, *servers)


def prepare_at_once(servers):
    """As after a reboot: one waits for the other."""
    command = [sys.executable, running.ROOT / "manage.py", "prepare", "--no-static"]
    started = [subprocess.Popen(command, env=server.env) for server in servers]
    assert [process.wait(5 * running.PATIENCE) for process in started] == [0, 0]


@needs_nginx
def test_what_is_published_on_one_server_is_on_the_other_within_a_second(site):
    for number in range(4):
        site.get("/faq/stornierung/")
        here, there = (site.first, site.second) if number % 2 else (site.second, site.first)
        here.edit(SET.format(body=f"Stand {number}."))
        time.sleep(1)
        for _ in range(4):
            assert f"Stand {number}." in site.get("/faq/stornierung/").body.decode()
            assert f"Stand {number}." in there.text("/faq/stornierung/", X_Forwarded_Proto="https")


@needs_nginx
def test_an_attachment_put_in_on_one_server_is_given_out_by_both(site):
    site.first.edit(ATTACHMENT)
    for _ in range(4):
        assert site.get("/datei/blatt/").body == b"%PDF"


@needs_nginx
def test_a_picture_is_gone_on_both_servers_with_the_text_that_showed_it_and_nginx_keeps_none(site):
    site.first.edit(PICTURE)
    page = site.get("/faq/mit-bild/").body.decode()
    addresses = re.findall(r"(/bild/\S+\.webp) \d+w", page)
    assert len(addresses) == 3
    for address in addresses * 2:
        answer = site.get(address, Accept_Encoding="gzip")
        assert answer.body.startswith(b"RIFF")
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not {"Set-Cookie", "Content-Encoding"} & {*answer.headers}
        assert site.get(address, method="HEAD").headers["Content-Length"] == str(len(answer.body))
    assert "KEY: " in "".join(kept(site))
    assert not [key for key in kept(site) if "/bild/" in key]
    site.second.edit(WITHDRAWN)
    assert {site.get(address).status for address in addresses * 2} == {404}


def kept(site):
    """What nginx says at the beginning of each answer that it keeps: the key under which it does."""
    files = (path for path in (site.nginx.folder / "portal").rglob("*") if path.is_file())
    return [path.read_bytes()[:1000].decode("latin-1") for path in files]


@needs_nginx
def test_a_session_holds_on_both_servers(site):
    site.first.edit(ACCOUNT.format(name="redaktion", password=PASSWORD))
    session = site.log_in("redaktion").session
    for _ in range(4):
        assert site.get("/admin/", Cookie=session).status == 200
        assert site.get("/admin/").status == 302


@needs_nginx
def test_whoever_guesses_passwords_waits_on_both_servers_whatever_address_is_claimed(site):
    site.first.edit(ACCOUNT.format(name="geraten", password=PASSWORD))
    claim = [{"X_Forwarded_For": f"203.0.113.{n}", "X_Real_IP": f"203.0.113.{n}"} for n in range(6)]
    for n in range(5):
        assert site.log_in("geraten", "falsch", **claim[n]).status == 200
    for _ in range(2):
        answer = site.log_in("geraten", **claim[5])
        assert "Zu viele" in answer.body.decode()
        assert answer.session is None


@needs_nginx
def test_what_is_sent_in_masses_is_refused_by_nginx_in_german(site):
    sender = "127.0.0.9"  # whose limits are no other test's
    for path in ("/konto/login/", "/faq/stornierung/rueckmeldung/"):
        answers = [site.get(path, "a=b", sender=sender) for _ in range(45)]
        assert answers[0].status != 429
        refused = answers[-1]
        assert (refused.status, refused.headers["Retry-After"]) == (429, "60"), path
        assert "Bitte versuchen Sie es in einer Minute noch einmal" in refused.body.decode()
        assert site.get("/faq/stornierung/", sender=sender).status == 200
    assert [site.get("/suche/?q=olp", sender=sender).status for _ in range(300)].count(429) > 0


@needs_nginx
def test_a_client_cannot_say_where_it_comes_from_or_how(site):
    answer = site.get("/", X_Forwarded_Proto="http", X_Forwarded_Host="elsewhere.example", X_Request_ID="mine")
    assert answer.status == 200
    assert "elsewhere.example" not in answer.body.decode()
    assert site.get("/", Host="elsewhere.example").status == 400


@needs_nginx
def test_what_is_too_large_is_refused_before_it_reaches_the_portal(site):
    assert site.get("/faq/" + "a" * 9000).status == 414
    assert site.get("/", X_Long="a" * 9000).status == 400
    assert site.get("/konto/login/", "a" * 70_000).status == 413
    assert site.get("/admin/", "a" * 100_000).status != 413


@needs_nginx
def test_who_sends_slowly_holds_nobody_up(site):
    context = ssl.create_default_context(cafile=str(site.nginx.ca_file))
    body = b"POST /konto/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na"
    with ExitStack() as stack:
        for begun in [b"GET / HTTP/1.1\r\nHost: localhost\r\n", body] * 20:
            raw = stack.enter_context(socket.create_connection(("127.0.0.1", site.nginx.port)))
            stack.enter_context(context.wrap_socket(raw, server_hostname="localhost")).sendall(begun)
        for _ in range(10):
            assert site.get("/faq/stornierung/").status == 200
            assert site.get("/admin/login/").status == 302


@pytest.fixture
def connections():
    """`connections(port, sender, number, text)`: opened from a loopback address, each with the beginning of a request."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    with ExitStack() as stack:

        def begin(port, sender, number, text):
            opened = []
            for _ in range(number):
                raw = socket.create_connection(("127.0.0.1", port), 10, source_address=(sender, 0))
                opened.append(stack.enter_context(raw))
                raw.sendall(text)
            return opened

        yield begin
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@needs_nginx
def test_thousands_of_half_sent_headers_from_one_address_close_nginx_to_nobody(site, connections):
    half = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: "
    began = time.monotonic()
    held = connections(site.nginx.plain_port, "127.0.0.5", 2020, half)
    for sender in ("127.0.0.6", "127.0.0.5"):
        assert site.get("/faq/stornierung/", sender=sender).status == 200
    held[0].settimeout(15)
    with suppress(ConnectionResetError):
        assert held[0].recv(100) == b""
    assert time.monotonic() - began < 15


@needs_nginx
def test_one_address_gets_so_many_answers_at_once_and_the_others_theirs(site, connections):
    slow = b"POST /faq/stornierung/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na"
    context = ssl.create_default_context(cafile=str(site.nginx.ca_file))
    with ExitStack() as stack:
        for raw in connections(site.nginx.port, "127.0.0.7", 110, b""):
            stack.enter_context(context.wrap_socket(raw, server_hostname="localhost")).sendall(slow)
        refused = site.get("/faq/stornierung/", sender="127.0.0.7")
        assert refused.status == 429
        assert "Bitte versuchen Sie es in einer Minute noch einmal" in refused.body.decode()
        assert site.get("/faq/stornierung/", sender="127.0.0.8").status == 200


def noted(site, status, ids):
    """nginx's lines of these ids; it writes them once the answer is sent."""
    for _ in range(100):
        lines = [json.loads(line) for line in (site.nginx.folder / "portal.log").read_text().splitlines()]
        if found := [line for line in lines if line["request_id"] in ids and line["status"] == status]:
            return found
        time.sleep(0.05)
    return []


def opening():
    """An address for each pattern that has something secret in it: whoever knows it gets in."""

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLResolver):
                yield pattern.name, pattern.pattern.regex.groupindex
            elif pattern.namespace != "admin":
                yield from walk(pattern.url_patterns)

    for name, parts in walk(get_resolver().url_patterns):
        if {"token", "key"} & set(parts):
            yield reverse(name, kwargs={part: "1" if part == "uidb36" else f"1a2b3c-{SECRET}" for part in parts})


@needs_nginx
def test_no_log_holds_what_opens_something_by_itself(site):
    addresses = list(opening())
    assert len(addresses) >= 2
    for address in addresses:
        for spelling in (address, "/" + address, address.replace("/v", "/%76").replace("/k", "/%6b")):
            assert site.get(f"{spelling}?weiter={SECRET}").status in (200, 302, 404)
    other = site.get("/faq/stornierung/")
    assert [line["path"] for line in noted(site, 200, {other.headers["X-Request-ID"]})] == ["/faq/stornierung/"]
    log = (site.nginx.folder / "portal.log").read_text()
    assert "/vorschau/…" in log
    assert "/konto/password/reset/key/…" in log
    assert SECRET not in log


@needs_nginx
def test_a_request_has_one_id_in_the_answer_and_in_both_logs(site):
    paths = ("/faq/stornierung/", "/gibt-es-nicht/", "/admin/", "/suche/?q=olp", "/healthz", "/metrics")
    for path in paths * 2:  # a kept page is another reader's
        answer = site.get(path)
        (id,) = answer.headers.get_all("X-Request-ID")
        assert re.fullmatch("[0-9a-f]{32}", id), path
        (line,) = noted(site, answer.status, {id})
        assert datetime.fromisoformat(line["time"]).tzinfo
    site.get("/", Host="fremd.example")
    said = [json.loads(line) for server in (site.first, site.second) for line in server.log_lines("{")]
    refused = {line["request_id"] for line in said if line["message"].startswith("Abgelehnt")}
    assert refused
    assert refused <= {line["request_id"] for line in noted(site, 400, refused)}


@needs_nginx
def test_figures_for_the_operator_are_not_for_the_public(site):
    assert site.get("/metrics").status == 404


@needs_nginx
def test_browsers_may_speak_http_2_and_no_tls_older_than_1_2(site):
    def spoken(**limits):
        context = ssl.create_default_context(cafile=str(site.nginx.ca_file))
        context.set_alpn_protocols(["h2", "http/1.1"])
        for name, value in limits.items():
            setattr(context, name, value)
        with (
            socket.create_connection(("127.0.0.1", site.nginx.port)) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as tls,
        ):
            return tls.selected_alpn_protocol(), tls.version()

    assert spoken() == ("h2", "TLSv1.3")
    with pytest.warns(DeprecationWarning, match="TLSv1"), pytest.raises(ssl.SSLError):
        spoken(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)


@needs_nginx
def test_the_contract_holds_through_nginx(site):
    check = Path(os.environ.get("ACCEPTANCE_CHECK", ""))
    if not check.is_file():
        pytest.skip("ACCEPTANCE_CHECK names no check of the contract")
    running.manage(site.first.env, "import_content", "--force")
    env = os.environ | {"SSL_CERT_FILE": str(site.nginx.ca_file)}
    run = subprocess.run([sys.executable, check, site.nginx.origin], env=env, capture_output=True, text=True)
    assert run.stdout.splitlines()[-1].endswith(" 0 failed"), run.stdout


@pytest.fixture
def up_again(site):
    yield
    for server in (site.first, site.second):
        server.stop()
        server.start()


@needs_nginx
def test_one_server_is_enough_and_without_any_readers_get_what_nginx_kept(site, up_again):
    seen = {path: site.get(path).body for path in ("/", "/alles/", "/faq/stornierung/", "/faq/bestellvorgang-olp/")}
    style = re.search(r'href="(/static/css/site\.[^"]+)"', seen["/"].decode())[1]
    assert site.get(style).status == 200
    for enc in ("br", "gzip"):  # a path that reads like another one and an encoding is kept for itself
        assert site.get("/", Accept_Encoding=enc).status == 200
        assert site.get(f"/{enc}").status == 301
    site.first.stop()
    for path in [*seen, style, "/suche/?q=olp", "/admin/login/", "/readyz"] * 2:
        assert site.get(path).status in (200, 302), path
    assert site.get("/faq/nie-gesehen/").status == 404
    site.second.stop()
    for path, body in seen.items():
        assert site.get(path).body == body
    assert site.get("/faq/%73tornierung/").body == seen["/faq/stornierung/"]
    for enc in ("br", "gzip"):
        assert site.get("/", Accept_Encoding=enc).headers["Content-Encoding"] == enc
    assert site.get(style).status == 200
    for path in ("/faq/nie-gesehen/", "/suche/?q=olp", "/admin/"):
        unseen = site.get(path)
        assert (unseen.status, unseen.headers["Retry-After"]) == (503, "30"), path
        assert "Die Hilfe ist gerade nicht erreichbar" in unseen.body.decode()
    site.first.start()
    site.second.start()
    site.second.edit(SET.format(body="Stand 99."))
    time.sleep(1)
    for _ in range(4):
        assert "Stand 99." in site.get("/faq/stornierung/").body.decode()


@needs_nginx
def test_after_a_restart_without_the_database_readers_get_what_nginx_kept(site, up_again):
    seen = {path: site.get(path).body for path in ("/", "/faq/stornierung/", "/glossar/")}
    for server in (site.first, site.second):
        server.stop()
        server.env["DATABASE_URL"], reachable = (
            f"postgres://nobody@127.0.0.1:{running.free_port()}/none",
            server.env["DATABASE_URL"],
        )
        server.start(ready=False)
        server.env["DATABASE_URL"] = reachable
    assert site.first.get("/glossar/", X_Forwarded_Proto="https").status == 503
    for path, body in seen.items():
        answer = site.get(path)
        assert (answer.status, answer.body) == (200, body)
    unseen = site.get("/faq/nie-gesehen/")
    assert unseen.status == 503
    assert "Wir erreichen unsere Datenbank nicht" in unseen.body.decode()


UNITS = sorted(DEPLOY.glob("systemd/*"))


@needs_systemd
def test_systemd_understands_the_units(tmp_path):
    for unit in UNITS:
        text = (
            unit.read_text().replace("/opt/portal/.venv/bin/python", "/bin/true").replace("/usr/bin/curl", "/bin/true")
        )
        (tmp_path / unit.name).write_text(text)
    instances = [tmp_path / unit.name.replace("@.", "@8001.") for unit in UNITS]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", *map(str, instances)],
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_unit_can_do_little_but_its_work(unit):
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.skipif(not shutil.which("promtool"), reason="There is no promtool: apt install prometheus")
@pytest.mark.parametrize("what", ["check rules {}/alerts.yml", "test rules {}/alerts_test.yml"])
def test_prometheus_understands_the_alerts_and_each_is_given_when_it_should(what):
    command = ["promtool", *what.format(DEPLOY / "prometheus").split()]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_alerts_watch_figures_that_the_portal_has(client, seed, settings):
    settings.METRICS_TOKEN = SECRET
    text = client.get("/metrics", headers={"Authorization": f"Bearer {SECRET}"}).content.decode()
    there = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"][0]["rules"]
    assert set(re.findall(r"portal_\w+", " ".join(rule["expr"] for rule in rules))) <= there
    tested = (DEPLOY / "prometheus/alerts_test.yml").read_text()
    assert {rule["alert"] for rule in rules} == set(re.findall(r'alertname="(\w+)"', tested))


def test_the_units_and_the_image_start_what_there_is():
    commands = {file.stem for file in (running.ROOT / "faq/management/commands").glob("*.py")}
    for timer in DEPLOY.glob("systemd/*.timer"):
        assert re.fullmatch(r"portal-upkeep@(\w+)", timer.stem)[1] in commands
    containerfile = (DEPLOY / "Containerfile").read_text()
    for source in re.findall(r"^COPY (?!--)(\S+)", containerfile, re.M):
        assert (running.ROOT / source).exists()


def test_the_composition_is_whole():
    """Read, not run: `python -m benchmarks.containers` builds and starts it."""
    composition = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = composition["services"]
    assert set(services) == {"database", "portal1", "portal2", "nginx"}
    named = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    assert {name for name in named if not name.startswith("./")} == set(composition["volumes"])
    for path in (name for name in named if name.startswith("./") and name != "./tls"):
        assert (DEPLOY / path).exists()
    servers = (DEPLOY / "compose-servers.conf").read_text()
    assert set(re.findall(r"server (\w+):8000", servers)) == {"portal1", "portal2"}


def test_the_image_gets_all_that_it_copies():
    let_in = {line[1:] for line in (running.ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    for copied in re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.M):
        assert set(copied.split()) <= let_in
