# -*- coding: utf-8 -*-
# xmlrpclib of Python 2.7, or xmlrpc.client of any Python 3, calls our server.
# Each output line has a case, its outcome and the reason.
from __future__ import print_function, unicode_literals

import base64
import datetime
import gzip
import io
import socket
import sys
import threading

try:
    import http.client as httplib
    import xmlrpc.client as rpc
except ImportError:
    import httplib
    import xmlrpclib as rpc

URL, UNIX = sys.argv[1], sys.argv[2]
HOST = URL.split("//")[1].split("/")[0]
PYTHON_2 = sys.version_info[0] == 2
TEXT = type("")


class Cannot(Exception):
    pass


def proxy(url=URL + "/RPC2", **options):
    options.setdefault("allow_none", True)
    return rpc.ServerProxy(url, **options)


def same(found, expected):
    # Python 2 returns ASCII text as bytes.
    if isinstance(found, bytes) and isinstance(expected, TEXT):
        found = found.decode("ascii")
    assert found == expected, "expected %.80r, got %.80r" % (expected, found)


def echo(*values):
    peer = proxy().peer
    for value in values:
        same(peer.echo(value), value)


def fault(call, *params):
    try:
        call(*params)
    except rpc.Fault as error:
        return error
    raise AssertionError("expected a fault")


def post(body, headers={}, path="/RPC2", connection=None):
    connection = connection or httplib.HTTPConnection(HOST, timeout=60)
    # Python 2 joins head and body, so all parts of the head must be `str`.
    headers = dict((str(name), str(value)) for name, value in headers.items())
    headers[str("Content-Type")] = str("text/xml")
    connection.request(str("POST"), str(path), body, headers)
    return connection.getresponse()


def test_int():
    echo(0, 1, -1, 2**31 - 1, -(2**31))


def test_i8():
    class I8(object):
        def __init__(self, value):
            self.value = value

    def write(self, value, out):
        out("<value><i8>%d</i8></value>" % value.value)

    rpc.Marshaller.dispatch[I8] = write
    peer = proxy().peer
    for value in [2**63 - 1, -(2**63), 2**53, 2**31]:
        same(peer.echo(I8(value)), value)


def test_boolean():
    echo(True, False)


def test_double():
    echo(0.5, -0.25, 0.1, 1.0 / 3, 0.30000000000000004, 123456789.12345679, 1e15, 1e300, -1e-7, 2.5e-300)


def test_string():
    echo("", "text", " ", " a\tb ", "<&>\"'", "]]>", "&amp;amp;")


def test_line_ends():
    echo("one\ntwo")
    same(proxy().peer.echo("one\r\ntwo"), "one\ntwo")
    raise Cannot("it writes carriage returns unescaped, and XML reads them as line feeds")


def test_unicode():
    echo("n\u00e9e", "\u65e5\u672c\u8a9e", "\U0001f600", "\uffe6a")


def blob(length):
    return bytes(bytearray(range(256)) * (length // 256 + 1))[:length]


def test_base64():
    for length in [0, 1, 2, 256]:
        same(proxy().peer.echo(rpc.Binary(blob(length))).data, blob(length))


def test_base64_large():
    data = blob(10000000)
    same(proxy().peer.echo(rpc.Binary(data)).data, data)


def test_date():
    for text in ["19980717T14:08:55", "00010101T00:00:00", "99991231T23:59:59"]:
        same(proxy().peer.echo(rpc.DateTime(str(text))).value, text)
    day = datetime.datetime(2026, 2, 28, 23, 59, 59)
    same(proxy(use_datetime=True).peer.echo(day), day)


def test_array():
    echo([], [1, "a", [[], [2.5]], {"b": [True]}])


def test_struct():
    echo({}, {"a": 1, "b": {"c": {}}}, {"": 1, "two words": 2, "<&>\"'": 3, "]]>": 4, "n\u00e9e": 5})


def test_nested():
    value = 1
    for level in range(50):
        value = {"in": value} if level % 2 else [value]
    echo(value)


def test_nil():
    echo(None, [1, None, "a"])


def test_no_params():
    same(proxy().peer.nothing(), "nothing")


def test_many_params():
    same(proxy().peer.sum(*range(1, 21)), 210)


def test_fault():
    for code, text in [(17, "as it was told"), (-5, "<&>\"' n\u00e9e"), (1, "")]:
        error = fault(proxy().peer.fail, code, text)
        same((error.faultCode, error.faultString), (code, text))


def test_unknown_method():
    same(fault(proxy().peer.unknown).faultCode, -32601)


def test_wrong_types():
    for params in [("one", [2]), (1,), (1, 2, 3), (1, {})]:
        same(fault(proxy().peer.add, *params).faultCode, -32602)


def test_multicall():
    multi = rpc.MultiCall(proxy())
    multi.peer.add(1, 2)
    multi.peer.fail(17, "no")
    multi.peer.nothing()
    multi.peer.unknown()
    multi.peer.add(3, 4)
    results = multi()
    same((results[0], results[2], results[4]), (3, "nothing", 7))
    same(fault(lambda: results[1]).faultCode, 17)
    same(fault(lambda: results[3]).faultCode, -32601)
    many = rpc.MultiCall(proxy())
    for number in range(500):
        many.peer.add(number, number)
    same(list(many()), [2 * number for number in range(500)])


def test_introspection():
    system = proxy().system
    names = system.listMethods()
    assert names == sorted(names) and "peer.add" in names, names
    same(system.methodSignature("peer.add"), [["int", "int", "int"]])
    same(system.methodHelp("peer.add"), "Adds up two numbers.")


def test_gzip_request():
    if sys.version_info[:2] < (2, 7):
        raise Cannot("it does not compress calls")

    class Compressing(rpc.Transport):
        encode_threshold = 10

    peer = proxy(transport=Compressing(), allow_none=True).peer
    same(peer.echo("n\u00e9e " * 1000), "n\u00e9e " * 1000)


def test_gzip_answer():
    body = rpc.dumps((30000,), "peer.letters").encode("utf-8")
    answer = post(body, {"Accept-Encoding": "gzip"})
    same(answer.getheader("Content-Encoding"), "gzip")
    data = answer.read()
    assert len(data) < 3000, len(data)
    data = gzip.GzipFile(fileobj=io.BytesIO(data)).read()
    same(rpc.loads(data)[0], ("x" * 30000,))
    # Python's own client also asks for compression.
    same(proxy().peer.letters(30000), "x" * 30000)


def test_keep_alive():
    connection = httplib.HTTPConnection(HOST, timeout=60)
    connection.connect()
    socket_of_all = connection.sock
    for number in range(1000):
        body = rpc.dumps((number, 1), "peer.add").encode("utf-8")
        answer = post(body, connection=connection)
        same(rpc.loads(answer.read())[0], (number + 1,))
        assert connection.sock is socket_of_all, "the connection was closed after %d calls" % number


def test_concurrent():
    errors = []

    def work(number):
        try:
            peer = proxy().peer
            for other in range(4):
                same(peer.add(number, other), number + other)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_large_answer():
    same(len(proxy().peer.letters(20000000)), 20000000)


def test_basic_auth():
    url = "http://moe:%s@" + HOST + "/auth"
    same(proxy(url % "secret").peer.add(1, 2), 3)
    try:
        proxy(url % "wrong").peer.add(1, 2)
    except rpc.ProtocolError as error:
        same(error.errcode, 401)
    else:
        raise AssertionError("a wrong password was accepted")


def test_latin1_request():
    peer = proxy(encoding="iso-8859-1").peer
    same(peer.echo("n\u00e9e"), "n\u00e9e")
    body = rpc.dumps(("n\u00e9e",), "peer.echo", encoding="iso-8859-1")
    body = body.encode("iso-8859-1") if isinstance(body, TEXT) else body
    same(rpc.loads(post(body).read())[0], ("n\u00e9e",))


def test_latin1_answer():
    raise Cannot("our server writes only UTF-8")


def test_unix_socket():
    class Connection(httplib.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.connect(UNIX)

    connection = Connection("localhost")
    body = rpc.dumps((1, 2), "peer.add").encode("utf-8")
    same(rpc.loads(post(body, connection=connection).read())[0], (3,))


def test_scgi():
    raise Cannot("our server speaks only HTTP; a web server in front of it can translate SCGI")


def validator():
    suite = proxy().validator1
    same(suite.arrayOfStructsTest([{"moe": 1, "larry": 2, "curly": n} for n in range(9)]), 36)
    same(suite.countTheEntities("<a>&'\"\"")["ctQuotes"], 2)
    same(suite.easyStructTest({"moe": 1, "larry": 2, "curly": 3}), 6)
    same(suite.echoStructTest({"a": {"b": 1}}), {"a": {"b": 1}})
    day = rpc.DateTime(str("19980717T14:08:55"))
    found = suite.manyTypesTest(1, True, "a", 2.5, day, rpc.Binary(b"x"))
    same(found[:4] + [found[4].value, found[5].data], [1, True, "a", 2.5, "19980717T14:08:55", b"x"])
    same(suite.moderateSizeArrayCheck([str(n) for n in range(150)]), "0149")
    day = {"moe": 1, "larry": 2, "curly": 3}
    same(suite.nestedStructTest({"1999": {}, "2000": {"04": {"01": day, "02": day}}}), 6)
    same(suite.simpleStructReturnTest(3), {"times10": 30, "times100": 300, "times1000": 3000})


def interop():
    suite = proxy(allow_none=False).interopEchoTests
    day = rpc.DateTime(str("19980717T14:08:55"))
    for name, value in [("String", "a"), ("Integer", 5), ("Float", 2.5), ("Struct", {"a": 1}), ("Value", [1]),
                        ("StringArray", ["a", ""]), ("IntegerArray", [1, -1]), ("FloatArray", [0.5]),
                        ("StructArray", [{}, {"a": 1}]), ("Boolean", True), ("Date", day)]:
        same(getattr(suite, "echo" + name)(value), value)
    same(suite.echoBase64(rpc.Binary(b"x")).data, b"x")
    same(suite.noInParams(), 0)
    assert len(suite.whichToolkit()) == 4


def test_example():
    validator()
    interop()
    multi = rpc.MultiCall(proxy())
    multi.getData()
    multi.pow(2, 9)
    multi.add(1, 2)
    same(list(multi()), ["42", 512, 3])
    assert proxy().currentTime.getCurrentTime().value.startswith("2")


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
    line = "%s\t%s" % (name[len("test_"):], outcome)
    print(line.encode("utf-8").decode("utf-8") if not PYTHON_2 else line.encode("utf-8"))
    sys.stdout.flush()
