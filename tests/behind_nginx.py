"""nginx as `deploy/` sets it up, on ports of its own, with a certificate of its own, in front of portals that run."""

import getpass
import http.client
import os
import re
import ssl
import subprocess
import time
from pathlib import Path

import trustme

from tests.running import PATIENCE, ROOT, free_port

NAME = "localhost"


class Nginx:
    """`port` is open at once, so a portal can be told its address; `start(ports)` serves the portals on these ports."""

    def __init__(self, folder):
        self.folder, self.port, self.plain_port = Path(folder), free_port(), free_port()
        self.origin = f"https://{NAME}:{self.port}"
        self.ca_file = self.folder / "ca.pem"
        self.folder.mkdir(parents=True)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        certificate = authority.issue_cert(NAME)
        certificate.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "site.pem"))
        self._process = None
        self._tls = ssl.create_default_context(cafile=str(self.ca_file))

    def start(self, ports):
        self._write(ports)
        command = ["nginx", "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")]
        subprocess.run([*command, "-t", "-q"], check=True)
        self._process = subprocess.Popen(command)
        end = time.monotonic() + PATIENCE
        while self.get("/healthz").status != 200:
            assert time.monotonic() < end, (self.folder / "error.log").read_text()
            time.sleep(0.1)

    def stop(self):
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE)

    def _write(self, ports):
        """The files of `deploy/nginx/`, with what is this machine's own replaced."""
        inner = str(free_port())
        servers = (ROOT / "deploy/nginx/servers.conf").read_text()
        line = "    server 127.0.0.1:{} max_fails=0;\n"
        servers, found = re.subn(r"(?:    server .*\n)+", "".join(line.format(port) for port in ports), servers)
        assert found == 1
        (self.folder / "servers.conf").write_text(servers)
        given = {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "    listen [::]:80;\n": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "    listen [::]:443 ssl http2;\n": "",
            "hilfe.example": NAME,
            "127.0.0.1:8009": f"127.0.0.1:{inner}",
            "/etc/ssl/portal/fullchain.pem": str(self.folder / "site.pem"),
            "/etc/ssl/portal/privkey.pem": str(self.folder / "site.pem"),
            "/var/log/nginx": str(self.folder),
            "/var/cache/nginx": str(self.folder),
        }
        self._put("portal.conf", given)
        # What is the machine's, not the portal's; its workers may use this folder.
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        scratch = "".join(f"{kind}_temp_path {self.folder}/{kind}; " for kind in kinds)
        given = {
            "user www-data;": f"daemon off; user {getpass.getuser()};" if os.geteuid() == 0 else "daemon off;",
            "/run/nginx.pid": f"{self.folder}/nginx.pid",
            "/var/log/nginx/error.log crit": f"{self.folder}/error.log warn",
            "include /etc/nginx/modules-enabled/*.conf;": "",
            "http {": f"http {{ {scratch}",
            "/etc/nginx/conf.d/*.conf": f"{self.folder}/servers.conf; include {self.folder}/portal.conf",
        }
        self._put("nginx.conf", given)

    def _put(self, name, replaced):
        text = (ROOT / "deploy/nginx" / name).read_text()
        for given, ours in replaced.items():
            assert given in text, given
            text = text.replace(given, ours)
        (self.folder / name).write_text(text)

    def get(self, path, body=None, *, method=None, sender="127.0.0.1", **headers):
        """The answer, with its body as `body`; header names with _ for -. `sender`: the loopback address it comes from."""
        connection = http.client.HTTPSConnection(
            NAME, self.port, timeout=PATIENCE, context=self._tls, source_address=(sender, 0)
        )
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method or ("POST" if body is not None else "GET"), path, body, named)
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        except ConnectionRefusedError:
            return _Nobody()
        finally:
            connection.close()


class _Nobody:
    status = 0
