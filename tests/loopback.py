"""The internet for the tests of links: every name is a web server on this machine, and every connection is counted."""

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

from faq.links import fetching

PUBLIC = "93.184.216.34"


class Web(fetching.Internet):
    """Names and connections that end at servers on the loopback interface; which addresses are public is judged as ever.

    `answers` maps paths to a status, or to a function that gets the request's handler; `names` maps hosts to what they
    resolve to, a list or a function; `connected` holds what was connected to, `requests` what was asked.
    """

    pause = 0.0

    def __init__(self, tmp_path):
        self.answers, self.names, self.connected, self.requests = {}, {}, [], []
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        self.ca_file = str(tmp_path / "ca.pem")
        self.certify("www.example.com", "hilfe.example.com", by=authority)
        self._servers = {80: self._serve(), 443: self._serve(encrypted=True)}

    def certify(self, *names, by):
        """Serve https with a certificate for these names by a trustme.CA."""
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        by.issue_cert(*names).configure_cert(self._tls)

    def addresses(self, host):
        found = self.names.get(host, [PUBLIC])
        return found() if callable(found) else found

    def connect(self, sock, address, port):
        self.connected.append((address, port))
        sock.connect(self._servers[port].server_address)

    def close(self):
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def _serve(self, *, encrypted=False):
        web = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_HEAD(self):
                web.requests.append((self.command, self.headers["Host"], self.path, self.headers["User-Agent"]))
                answer = web.answers.get(self.path, 404)
                if callable(answer):
                    answer(self)
                else:
                    reply(self, answer)

            do_GET = do_HEAD

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self):
                sock, address = super().get_request()
                if encrypted:
                    sock = web._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
                return sock, address

            def handle_error(self, request, client_address):
                pass  # a client that refuses our certificate, or leaves early

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


class Strict(Web):
    """The same, but names are resolved as they are on this machine unless the test knows better."""

    def addresses(self, host):
        return super().addresses(host) if host in self.names else fetching.Internet.addresses(self, host)


def reply(handler, status, **headers):
    """Answer a request with this status and these headers (`Retry_After` for Retry-After)."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def redirect(status, location):
    return lambda handler: reply(handler, status, Location=location)


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
