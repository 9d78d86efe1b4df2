"""What the imitations of servers share: an HTTP server, and the XML of a response.

Each imitation is a program: `python3 NAME.py [PORT]`. It listens on 127.0.0.1, by default on a free port, prints its
address, and serves until it is ended. It needs only the standard library of Python 3.8 or later.
"""

import base64
import datetime
import sys
import xmlrpc.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


class Failure(Exception):
    """The fault of a call."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


class Xml:
    """Writes values as a certain server does. The imitations override what differs."""

    int_tag = "int"
    line = ""  # after each element of an array or a struct
    is_text_bare = False  # strings without `<string>`
    date_end = ""

    def value(self, it):
        return "<value>%s</value>" % self.content(it)

    def content(self, it):
        if isinstance(it, bool):
            return "<boolean>%d</boolean>" % it
        if isinstance(it, int):
            return "<%s>%d</%s>" % (self.int_tag, it, self.int_tag)
        if isinstance(it, float):
            return "<double>%r</double>" % it
        if isinstance(it, str):
            return escape(it) if self.is_text_bare else "<string>%s</string>" % escape(it)
        if isinstance(it, datetime.datetime):
            text = it.strftime("%Y%m%dT%H:%M:%S") + self.date_end
            return "<dateTime.iso8601>%s</dateTime.iso8601>" % text
        if isinstance(it, bytes):
            return "<base64>%s</base64>" % base64.b64encode(it).decode()
        if isinstance(it, dict):
            return self.struct(it)
        return self.array(it)

    def struct(self, members):
        members = "".join(
            "<member><name>%s</name>%s</member>%s" % (escape(name), self.value(it), self.line)
            for name, it in members.items()
        )
        return "<struct>%s%s</struct>" % (self.line, members)

    def array(self, elements):
        elements = "".join(self.value(it) + self.line for it in elements)
        return "<array><data>%s%s</data></array>" % (self.line, elements)

    def response(self, it):
        line = self.line
        parts = ["<methodResponse>", "<params>", "<param>" + self.value(it) + "</param>", "</params>"]
        return self.head() + line.join(parts + ["</methodResponse>", ""])

    def fault(self, code, message):
        value = self.value({"faultCode": code, "faultString": message})
        line = self.line
        return self.head() + line.join(["<methodResponse>", "<fault>" + value + "</fault>", "</methodResponse>", ""])

    def head(self):
        return '<?xml version="1.0" encoding="UTF-8"?>' + self.line


def serve(name, services, xml, content_type="text/xml"):
    """Serves calls. `services` maps each path to a function of the method's name, the parameters and the headers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service = services.get(self.path)
            if service is None:
                self.send_error(404)
                return
            response = self.answer(service, body).encode()
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(response)))
            self.end_headers()
            self.wfile.write(response)

        def answer(self, service, body):
            try:
                params, method = xmlrpc.client.loads(body, use_builtin_types=True)
                return xml.response(service(method, params, self.headers))
            except Failure as failure:
                return xml.fault(failure.code, failure.message)

        def log_message(self, *_):
            pass

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print("%s on http://127.0.0.1:%d" % (name, server.server_address[1]), flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
