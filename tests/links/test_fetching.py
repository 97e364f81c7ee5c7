"""The check of external links: what it finds out, and where it never goes."""

import itertools
import threading
import time

import pytest
import trustme

from faq.links import fetching
from tests.loopback import PUBLIC, Strict, Web, hang_up, redirect, reply

# Hosts that are forbidden as they stand, in every spelling a resolver takes.
FORBIDDEN_HOSTS = """
    127.0.0.1 127.1 127.0.0.53 2130706433 0x7f000001 0177.0.0.1 localhost 0.0.0.0 0
    10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.178.1
    169.254.169.254 100.64.0.1 100.127.255.254 192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    [::1] [::] [fe80::1] [fc00::1] [fd12:3456::1] [ff02::1] [fec0::1]
    [::ffff:127.0.0.1] [::ffff:a00:1] [::127.0.0.1] [::ffff:0:7f00:1]
    [64:ff9b::7f00:1] [64:ff9b::a00:1] [64:ff9b:1::a00:1] [2002:7f00:1::1] [2002:a00:1::] [2001::1] [2001:db8::1] [3fff::1]
""".split()
FORBIDDEN_ADDRESSES = """
    http://www.example.com:22/ https://www.example.com:8443/ http://www.example.com:0/ http://www.example.com:5432/
    ftp://www.example.com/ file:///etc/passwd gopher://www.example.com:70/ ldap://www.example.com/ data:text/html,x
    https://user:pass@www.example.com/ https://www.example.com@127.0.0.1/ https://www.example.com\\@127.0.0.1/
    http:/// http://[::1 http://www.example.com:99999/ https://%20/ //www.example.com/ mailto:a@example.com
""".split()


@pytest.fixture
def web(tmp_path, monkeypatch):
    yield from _started(Web(tmp_path), monkeypatch)


@pytest.fixture
def strict(tmp_path, monkeypatch):
    yield from _started(Strict(tmp_path), monkeypatch)


def _started(web, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", web.ca_file)
    yield web
    web.close()


# Where it never goes


@pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
def test_no_connection_is_made_to_a_host_that_is_not_public(strict, host):
    for scheme in ("http", "https"):
        outcome = fetching.check(f"{scheme}://{host}/", strict)
        assert outcome.problem
        assert outcome.status is None
    assert strict.connected == []


@pytest.mark.parametrize("address", FORBIDDEN_ADDRESSES)
def test_no_connection_is_made_for_another_scheme_or_port_or_with_a_password(web, address):
    assert fetching.check(address, web).problem
    assert web.connected == []


@pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
def test_a_redirect_to_what_is_not_public_is_not_followed(strict, host):
    strict.names["www.example.com"] = [PUBLIC]
    strict.answers["/"] = redirect(302, f"http://{host}/secret")
    outcome = fetching.check("http://www.example.com/", strict)
    assert outcome.problem.startswith("Führt weiter zu http://")
    assert strict.connected == [(PUBLIC, 80)]


def test_a_name_that_stands_for_a_public_and_an_internal_address_is_not_asked(web):
    web.names["www.example.com"] = [PUBLIC, "192.168.0.1"]
    outcome = fetching.check("https://www.example.com/", web)
    assert "führt in ein internes Netz (192.168.0.1)" in outcome.problem
    assert web.connected == []


def test_a_name_that_changes_its_address_between_two_requests_is_judged_each_time(web):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    web.names["www.example.com"] = lambda: next(answers)
    web.answers["/"] = 405
    assert "internes Netz" in fetching.check("http://www.example.com/", web).problem
    assert web.connected == [(PUBLIC, 80)]


def test_the_address_that_was_judged_is_the_one_connected_to_by_the_name_of_the_link(web):
    web.names["hilfe.example.com"] = ["1.1.1.1", "8.8.8.8"]
    web.answers["/da"] = 200
    outcome = fetching.check("https://hilfe.example.com/da", web)
    assert outcome == fetching.Outcome(200, "", "https://hilfe.example.com/da")
    assert web.connected == [("1.1.1.1", 443)]
    ((method, host, path, agent),) = web.requests
    assert (method, host, path) == ("HEAD", "hilfe.example.com", "/da")
    assert "http://127.0.0.1:8000/" in agent


# What it finds out


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (404, "Die Seite gibt es nicht (404)."),
        (410, "Die Seite wurde entfernt (410)."),
        (500, "Der Server meldet einen Fehler (500)."),
    ],
)
def test_a_page_that_is_gone_or_fails_is_a_problem(web, status, problem):
    web.answers["/"] = status
    outcome = fetching.check("https://www.example.com/", web)
    assert (outcome.status, outcome.problem) == (status, problem)


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_wants_a_login_is_there(web, status):
    web.answers["/"] = status
    outcome = fetching.check("https://www.example.com/", web)
    assert (outcome.status, outcome.problem) == (status, "")


def test_a_server_that_refuses_head_is_asked_with_get(web):
    web.answers["/"] = lambda handler: reply(handler, 405 if handler.command == "HEAD" else 200)
    assert fetching.check("https://www.example.com/", web).status == 200
    assert [method for method, *_ in web.requests] == ["HEAD", "GET"]


def test_a_server_that_hangs_up_on_head_is_asked_with_get(web):
    web.answers["/"] = lambda handler: hang_up(handler) if handler.command == "HEAD" else reply(handler, 200)
    assert fetching.check("http://www.example.com/", web).status == 200


def test_a_server_that_always_hangs_up_is_a_problem(web):
    web.answers["/"] = hang_up
    assert "bricht die Verbindung ab" in fetching.check("http://www.example.com/", web).problem


def test_redirects_are_followed_and_permanent_only_if_all_are(web):
    web.answers |= {"/neu": 200, "/fest": redirect(301, "/neu"), "/lose": redirect(302, "https://www.example.com/fest")}
    assert fetching.check("http://www.example.com/fest#teil", web) == fetching.Outcome(
        200, "", "http://www.example.com/neu#teil", True
    )
    assert fetching.check("http://www.example.com/lose", web) == fetching.Outcome(
        200, "", "https://www.example.com/neu", False
    )


def test_a_redirect_in_a_circle_ends(web):
    web.answers["/"] = redirect(301, "/")
    outcome = fetching.check("http://www.example.com/", web)
    assert outcome.problem == "Leitet mehr als 5-mal weiter."
    assert len(web.connected) == 6


def test_a_redirect_may_be_written_in_any_bytes(web):
    web.answers |= {"/gr%C3%B6%C3%9Fe%00%7F%20x": 200, "/": redirect(301, "/größe\0\x7f x".encode().decode("latin-1"))}
    assert fetching.check("http://www.example.com/", web) == fetching.Outcome(
        200, "", "http://www.example.com/gr%C3%B6%C3%9Fe%00%7F%20x", True
    )


@pytest.mark.parametrize(
    "answer", [b"", b"\0\r\n\r\n", b"HTTP/9 x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"]
)
def test_an_answer_that_is_no_http_is_a_problem(web, answer):
    web.answers["/"] = lambda handler: handler.wfile.write(answer)
    assert "antwortet unverständlich" in fetching.check("http://www.example.com/", web).problem


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "x..example"])
def test_a_name_that_is_none_is_a_problem(strict, host):
    assert fetching.check(f"https://{host}/", strict).problem
    assert strict.connected == []


def test_a_redirect_that_names_no_target_is_a_problem(web):
    web.answers["/"] = 301
    assert "sagt aber nicht wohin" in fetching.check("http://www.example.com/", web).problem


def test_umlauts_in_host_and_path_are_sent_as_browsers_do(web):
    web.answers["/gr%C3%B6%C3%9Fe?q=%C3%A4%20b"] = 200
    assert fetching.check("http://müller.example/größe?q=ä b", web).status == 200
    assert web.requests[0][1] == "xn--mller-kva.example"


def test_an_unknown_name_is_a_problem(web):
    def unknown():
        raise fetching.socket.gaierror

    web.names["weg.example.com"] = unknown
    assert fetching.check("https://weg.example.com/", web).problem == "Den Namen „weg.example.com“ gibt es nicht."


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "120", 120), (503, "7200", 7200), (429, "1", 60), (429, "99999999", 86400), (429, "bald", 3600)],
)
def test_a_host_that_wants_to_be_asked_later_gets_its_time(web, status, header, seconds):
    web.answers["/"] = lambda handler: reply(handler, status, Retry_After=header)
    outcome = fetching.check("http://www.example.com/", web)
    assert (outcome.later, outcome.problem, outcome.status) == (seconds, "", None)
    assert len(web.requests) == 1


# Certificates


def test_a_certificate_for_another_name_is_a_problem(web):
    outcome = fetching.check("https://www.example.org/", web)
    assert outcome.problem == "Das Zertifikat stimmt nicht: es gilt für einen anderen Namen."
    assert web.requests == []


def test_a_certificate_of_an_unknown_issuer_is_a_problem(web):
    web.certify("www.example.com", by=trustme.CA())
    outcome = fetching.check("https://www.example.com/", web)
    assert "sein Aussteller ist unbekannt" in outcome.problem
    assert web.requests == []


# Bounds


def test_a_server_that_sends_a_byte_now_and_then_is_left_when_the_time_is_over(web, monkeypatch):
    monkeypatch.setattr(fetching, "TIME_LIMIT", 0.3)
    given_up = threading.Event()

    def trickle(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not given_up.is_set():
            handler.wfile.write(b"x")
            time.sleep(0.02)

    web.answers["/"] = trickle
    assert "antwortet nicht rechtzeitig" in fetching.check("http://www.example.com/", web).problem
    given_up.set()


def test_a_resolver_that_does_not_answer_is_left_when_the_time_is_over(web, monkeypatch):
    monkeypatch.setattr(fetching, "TIME_LIMIT", 0.1)
    ended = threading.Event()
    web.names["www.example.com"] = ended.wait
    assert "antwortet nicht rechtzeitig" in fetching.check("http://www.example.com/", web).problem
    ended.set()


def test_headers_without_an_end_are_not_read_to_their_end(web):
    sent = []

    def flood(handler):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        for _ in range(2000):
            sent.append(handler.wfile.write(b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 60_000 + b"\r\n\r\n"))

    web.answers["/"] = flood
    assert "bricht die Verbindung ab" in fetching.check("http://www.example.com/", web).problem
    assert sum(sent) < 50_000_000


def test_the_body_of_a_page_is_not_read(web):
    written = []

    def endless(handler):
        reply(handler, 405 if handler.command == "HEAD" else 200)
        while handler.command == "GET":
            written.append(handler.wfile.write(b"x" * 100_000))

    web.answers["/"] = endless
    assert fetching.check("http://www.example.com/", web).status == 200


def test_a_host_is_asked_once_at_a_time_and_after_a_pause(web):
    web.pause = 0.05
    running, most, times = [], [], []

    def slow(handler):
        running.append(1)
        most.append(len(running))
        times.append(time.monotonic())
        time.sleep(0.02)
        running.pop()
        reply(handler, 200)

    web.answers["/"] = slow
    threads = [threading.Thread(target=fetching.check, args=("http://www.example.com/", web)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.05
