"""nginx with fixed answers, in a directory of its own, gone when the benchmark ends, however it ends."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import answers

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 16384; }}
http {{
  log_format requests '$request_method $uri $args';
  access_log {access_log};
  default_type application/json;
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  # A new id for each session that is created: no two sessions share one.
  map $request_id $new_id {{ "~^(?<unique>.{{16}})" "{id_prefix}$unique"; }}
  map $arg_size $list {{ default list.json; {page_size} page.json; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    {tls}
    location = {detail_path} {{ return 200 '{detail}'; }}
    location = {create_path} {{ return 200 '{created}'; }}
    location = {close_path} {{ return 200 '{closed}'; }}
    location = {list_path} {{ alias {home}/$list; }}
    location / {{ return 404 '{{"code":1003,"msg":"no such path"}}'; }}
  }}
}}
"""

TLS = """listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {home}/certificate.pem;
    ssl_certificate_key {home}/key.pem;"""


class ServerError(Exception):
    """nginx cannot be run."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    """In the child: the kernel ends nginx when the benchmark is killed in a way that runs no clean-up."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Server:
    """One nginx process, in the foreground, as the current user. `tls_url` is None where openssl is missing."""

    def __init__(self, logs_requests=False):
        self.logs_requests = logs_requests
        self.program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if not self.program:
            raise ServerError("nginx is missing: apt-get install nginx-light")
        self.home = None
        self.process = None
        self.url = self.tls_url = self.certificate = None

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="akool-bench-")
        try:
            self._start_on_a_free_port()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def version(self):
        output = subprocess.run([self.program, "-v"], capture_output=True, text=True, check=False)
        return output.stderr.strip().removeprefix("nginx version: ")

    def requests(self):
        """The requests so far, one line each; needs `logs_requests`."""
        with open(f"{self.home}/access.log", encoding="utf-8") as file:
            return file.read().splitlines()

    def _start_on_a_free_port(self):
        for name, content in (("list.json", answers.large_list()), ("page.json", answers.page())):
            with open(f"{self.home}/{name}", "w", encoding="utf-8") as file:
                file.write(content)
        has_tls = self._make_certificate()
        for _ in range(5):  # somebody else may take the port between the probe and the start
            port, tls_port = free_port(), free_port()
            self._write_configuration(port, tls_port if has_tls else None)
            if self._start(port):
                self.url = f"http://127.0.0.1:{port}"
                self.tls_url = f"https://127.0.0.1:{tls_port}" if has_tls else None
                return
        raise ServerError("nginx does not start: " + self._log())

    def _write_configuration(self, port, tls_port):
        tls = TLS.format(port=tls_port, home=self.home) if tls_port else ""
        with open(f"{self.home}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(
                CONFIGURATION.format(
                    home=self.home,
                    port=port,
                    tls=tls,
                    access_log=f"{self.home}/access.log requests" if self.logs_requests else "off",
                    id_prefix=answers.id_prefix(),
                    page_size=answers.PAGE_SIZE,
                    detail_path=answers.DETAIL_PATH,
                    create_path=answers.CREATE_PATH,
                    close_path=answers.CLOSE_PATH,
                    list_path=answers.LIST_PATH,
                    detail=answers.detail(),
                    created=answers.created(),
                    closed=answers.closed(),
                )
            )

    def _start(self, port):
        command = [self.program, "-e", f"{self.home}/error.log", "-p", self.home, "-c", f"{self.home}/nginx.conf"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return self.process.poll() is None
            except OSError:
                time.sleep(0.01)
        return False

    def _make_certificate(self):
        openssl = shutil.which("openssl")
        if not openssl:
            return False
        self.certificate = f"{self.home}/certificate.pem"
        command = [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", f"{self.home}/key.pem", "-out", self.certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1",
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _log(self):
        try:
            with open(f"{self.home}/error.log", encoding="utf-8") as file:
                return file.read().strip() or "it says nothing"
        except OSError:
            return "it left no log"
