# A server of Python's standard library with the methods of the suite. The argument is `simple` or `doc`.
import base64
import gzip
import socketserver
import sys
import threading
import xmlrpc.client
import xmlrpc.server

connections = 0


class Handler(xmlrpc.server.SimpleXMLRPCRequestHandler):
    rpc_paths = ("/", "/RPC2", "/auth")
    protocol_version = "HTTP/1.1"
    encode_threshold = 1400

    def setup(self):
        global connections
        connections += 1
        super().setup()

    def do_POST(self):
        if self.path == "/auth" and self.headers.get("Authorization") != "Basic bW9lOnNlY3JldA==":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="stooges"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.rfile.read(int(self.headers["Content-Length"]))
            return
        super().do_POST()


class DocHandler(Handler, xmlrpc.server.DocXMLRPCRequestHandler):
    pass


class Server(socketserver.ThreadingMixIn, xmlrpc.server.SimpleXMLRPCServer):
    daemon_threads = True
    request_queue_size = 100


class DocServer(socketserver.ThreadingMixIn, xmlrpc.server.DocXMLRPCServer):
    daemon_threads = True
    request_queue_size = 100


def fail(code, text):
    raise xmlrpc.client.Fault(code, text)


def add(a, b):
    """Adds up two numbers."""
    return a + b


class Latin1(Handler):
    pass


which = sys.argv[1]
options = dict(logRequests=False, allow_none=True)
if which == "doc":
    server = DocServer(("127.0.0.1", 0), DocHandler, **options)
else:
    server = Server(("127.0.0.1", 0), Handler, **options)

for name, function in {
    "echo": lambda value: value,
    "add": add,
    "sum": lambda *numbers: sum(numbers),
    "nothing": lambda: "nothing",
    "fail": fail,
    "letters": lambda number: "x" * number,
    "gzip_answer": lambda: "n\u00e9e " * 1000,
    "latin1_answer": lambda: "n\u00e9e " * 1000,
    "connections": lambda: connections,
}.items():
    server.register_function(function, "peer." + name)
server.register_introspection_functions()
server.register_multicall_functions()


def dispatch(data, method=None, path=None):
    # One method responds in another encoding.
    answer = type(server)._marshaled_dispatch(server, data, method, path)
    if b"peer.latin1_answer" in data:
        text = answer.decode("utf-8").replace("<?xml version='1.0'?>", '<?xml version="1.0" encoding="ISO-8859-1"?>')
        return text.encode("iso-8859-1")
    return answer


if which == "simple":
    server._marshaled_dispatch = dispatch
print("serving on http://127.0.0.1:%d/RPC2" % server.server_address[1], flush=True)
server.serve_forever()
