"""Sends requests byte by byte as they are, whatever a client library would think of them."""

import http.client
import socket
from typing import NamedTuple

PATIENCE = 60  # seconds: a busy machine is slow, not broken


class Request(NamedTuple):
    """`target`: path and query as they stand in the first line."""

    method: str
    target: bytes
    headers: dict
    body: bytes = b""

    def written(self, port):
        """All its bytes; Host, and what says how long the body is, are added where they are missing."""
        headers, body = {"Host": f"127.0.0.1:{port}", "Connection": "close"} | self.headers, self.body
        if "Transfer-Encoding" in headers:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        elif body:
            headers.setdefault("Content-Length", str(len(body)))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1", "replace")
        return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (self.method.encode(), self.target, lines, body)


def send(port, request):
    """The answer, once all of it was read; raises OSError or HTTPException where there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request.written(port))
        answer = http.client.HTTPResponse(connection, method=request.method)
        answer.begin()
        answer.read()
        return answer
