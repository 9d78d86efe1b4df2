# Supervisor's command `supervisorctl` calls `examples/supervisor_imitation.rs`. Each output line has a case,
# its outcome and the reason.
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

ALONE = "supervisorctl calls only Supervisor's methods"
EXAMPLE = os.path.join(os.environ["INTEROP_EXAMPLES"], "supervisor_imitation")
SUPERVISORCTL = os.path.join(os.path.dirname(sys.executable), "supervisorctl")


class Cannot(Exception):
    pass


class Server:
    """The example, at the address that it prints."""

    def __init__(self, folder, address):
        self.process = subprocess.Popen([EXAMPLE, address], stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().decode().split()[-1]
        self.configuration = os.path.join(folder, "supervisord.conf.%d" % self.process.pid)
        self.configure()

    def configure(self, **options):
        options.setdefault("serverurl", self.url.replace("unix:", "unix://"))
        options.setdefault("username", "moe")
        options.setdefault("password", "secret")
        with open(self.configuration, "w") as file:
            file.write("[supervisorctl]\n")
            file.writelines("%s = %s\n" % option for option in options.items())

    def start(self, *arguments):
        command = [SUPERVISORCTL, "-c", self.configuration, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *arguments):
        """Runs the command; returns its exit status and its output."""
        process = self.start(*arguments)
        try:
            text = process.communicate(timeout=60)[0]
        finally:
            process.kill()
        return process.returncode, text.decode("utf-8")

    def end(self):
        self.process.terminate()
        self.process.wait()


def same(found, expected):
    assert found == expected, "expected %.200r, got %.200r" % (expected, found)


def matches(found, pattern):
    status, text = found
    assert status == 0 and re.fullmatch(pattern, text), "expected %.200r, got %.200r" % (pattern, found)


LOG = "started: n\u00e9e, \u65e5\u672c, \U0001f600 <&>\n"
STOPPED = r"[A-Z][a-z]{2} \d{2} \d{2}:\d{2} [AP]M\n"


def session(server):
    """The commands of a usual session."""
    same(server.run("version"), (0, "4.3.0\n"))
    same(server.run("pid"), (0, "%d\n" % server.process.pid))
    # The exit status is 3 if a process is stopped.
    lines = ["%-33sSTOPPED   Not started\n" % name for name in ["broken", "web", "workers:one", "workers:two"]]
    same(server.run("status"), (3, "".join(lines)))
    same(server.run("start", "web"), (0, "web: started\n"))
    matches(server.run("status", "web"), r"web {30}RUNNING   pid 1000, uptime 0:00:\d\d\n")
    same(server.run("pid", "web"), (0, "1000\n"))
    same(server.run("tail", "web"), (0, LOG + "\n"))
    # The argument counts bytes; the first one is inside the emoji.
    same(server.run("tail", "-7", "web"), (0, " <&>\n\n"))
    same(server.run("stop", "web"), (0, "web: stopped\n"))
    status, text = server.run("status", "web")
    assert status == 3 and re.fullmatch("web {30}STOPPED   " + STOPPED, text), (status, text)
    same(server.run("clear", "web"), (0, "web: cleared\n"))
    same(server.run("tail", "web"), (0, "\n"))


def groups(server):
    """The same with several processes."""
    same(server.run("start", "workers:two"), (0, "workers:two: started\n"))
    same(server.run("start", "workers:*"), (0, "workers:one: started\n"))
    matches(server.run("status", "workers:*"), r"(workers:(one|two) {22}RUNNING   pid 1000, uptime 0:00:\d\d\n){2}")
    same(server.run("restart", "workers:two"), (0, "workers:two: stopped\nworkers:two: started\n"))
    same(server.run("start", "all"), (7, "broken: ERROR (spawn error)\nweb: started\n"))
    status, text = server.run("status", "broken")
    same((status, text), (3, "%-33sFATAL     cannot find the file of the program\n" % "broken"))
    same(server.run("stop", "all"), (0, "web: stopped\nworkers:one: stopped\nworkers:two: stopped\n"))


def test_no_params():
    same(HTTP.run("version"), (0, "4.3.0\n"))


def test_unicode():
    # Tests both directions: the name of a process, and a log.
    same(HTTP.run("pid", "n\u00e9e\u65e5\u672c\U0001f600"), (1, "No such process n\u00e9e\u65e5\u672c\U0001f600\n"))
    same(HTTP.run("start", "n\u00e9e"), (1, "n\u00e9e: ERROR (no such process)\n"))
    same(HTTP.run("start", "workers:one"), (0, "workers:one: started\n"))
    same(HTTP.run("tail", "workers:one"), (0, LOG + "\n"))
    same(HTTP.run("stop", "workers:one"), (0, "workers:one: stopped\n"))
    same(HTTP.run("clear", "workers:one"), (0, "workers:one: cleared\n"))


def test_fault():
    # supervisorctl recognizes faults by their codes.
    same(HTTP.run("start", "nobody"), (1, "nobody: ERROR (no such process)\n"))
    same(HTTP.run("start", "nobody:*"), (2, "nobody: ERROR (no such group)\n"))
    same(HTTP.run("stop", "nobody"), (1, "nobody: ERROR (no such process)\n"))
    same(HTTP.run("stop", "web"), (0, "web: ERROR (not running)\n"))
    same(HTTP.run("start", "broken"), (7, "broken: ERROR (spawn error)\n"))
    same(HTTP.run("tail", "web", "stderr"), (1, "web: ERROR (no log file)\n"))
    same(HTTP.run("tail", "nobody"), (1, "nobody: ERROR (no such process name)\n"))


def test_unknown_method():
    status, text = HTTP.run("maintail")
    assert status == 1 and "<Fault -32601: 'method `supervisor.readLog` not found'>" in text, (status, text)


def forward(listener, port, accepted):
    """Forwards both directions of each connection, and records the connections."""

    def pump(source, sink):
        data = source.recv(65536)
        while data:
            sink.sendall(data)
            data = source.recv(65536)
        sink.shutdown(socket.SHUT_WR)

    while True:
        inside, _ = listener.accept()
        outside = socket.create_connection(("127.0.0.1", port))
        accepted.append(inside)
        for ends in [(inside, outside), (outside, inside)]:
            ends[1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=pump, args=ends, daemon=True).start()


def test_keep_alive():
    # supervisorctl asks for the version on another connection.
    listener, accepted = socket.create_server(("127.0.0.1", 0)), []
    port = int(HTTP.url.rsplit(":", 1)[1])
    threading.Thread(target=forward, args=(listener, port, accepted), daemon=True).start()
    HTTP.configure(serverurl="http://127.0.0.1:%d" % listener.getsockname()[1])
    try:
        status, text = HTTP.run("start", *["workers:two"] * 1000)
    finally:
        HTTP.configure()
    lines = text.splitlines()
    same((status, lines[0], set(lines[1:]), len(lines)),
         (0, "workers:two: started", {"workers:two: ERROR (already started)"}, 1000))
    same(len(accepted), 2)
    same(HTTP.run("stop", "workers:two"), (0, "workers:two: stopped\n"))
    same(HTTP.run("clear", "workers:two"), (0, "workers:two: cleared\n"))


def test_concurrent():
    processes = [HTTP.start("version") for _ in range(50)]
    same({process.communicate(timeout=60)[0] for process in processes}, {b"4.3.0\n"})


def test_basic_auth():
    same(HTTP.run("version"), (0, "4.3.0\n"))
    for options in [{"password": "wrong"}, {"username": "larry"}, {"username": "", "password": ""}]:
        HTTP.configure(**options)
        try:
            status, text = HTTP.run("version")
            assert status == 1 and text.startswith("Server requires authentication\n") and " 401 " in text, text
        finally:
            HTTP.configure()


def test_unix_socket():
    session(UNIX)


def test_example():
    server = Server(FOLDER, "127.0.0.1:0")
    try:
        session(server)
        groups(server)
    finally:
        server.end()


def cannot(reason):
    def test():
        raise Cannot(reason)

    return test


for case in ["int", "i8", "boolean", "double", "string", "line_ends", "base64", "base64_large", "date", "array", "struct",
             "nested", "nil", "many_params", "wrong_types", "multicall", "introspection", "large_answer"]:
    globals()["test_" + case] = cannot(ALONE)
test_gzip_request = cannot("it does not compress calls")
test_gzip_answer = cannot("it does not ask for compression")
test_latin1_request = cannot("it writes only UTF-8")
test_latin1_answer = cannot("our server writes only UTF-8")
test_scgi = cannot("our server speaks only HTTP; a web server in front of it can translate SCGI")

with tempfile.TemporaryDirectory() as FOLDER:
    servers = []
    try:
        servers += [Server(FOLDER, "127.0.0.1:0"), Server(FOLDER, "unix:" + os.path.join(FOLDER, "socket"))]
        HTTP, UNIX = servers
        for name, test in list(globals().items()):
            if not name.startswith("test_"):
                continue
            try:
                test()
                outcome = "pass"
            except Cannot as reason:
                outcome = "cannot\t%s" % reason
            except Exception as error:
                reason = "%s: %s" % (type(error).__name__, error)
                outcome = "fail\t" + " ".join(reason.split())[:300]
            print("%s\t%s" % (name[len("test_"):], outcome), flush=True)
    finally:
        for server in servers:
            server.end()
