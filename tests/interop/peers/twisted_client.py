# Twisted's Proxy calls our server. Each output line has a case, its outcome and the reason.
import datetime
import sys

from twisted.internet import defer, reactor, task
from twisted.web import xmlrpc

URL, UNIX = sys.argv[1], sys.argv[2]
rpc = xmlrpc.xmlrpclib


class Cannot(Exception):
    pass


def proxy(url=URL + "/RPC2", **options):
    options.setdefault("allowNone", True)
    return xmlrpc.Proxy(url.encode(), **options)


def call(method, *params):
    return proxy().callRemote(method, *params)


def same(found, expected):
    assert found == expected, "expected %.80r, got %.80r" % (expected, found)


async def echo(*values):
    for value in values:
        same(await call("peer.echo", value), value)


async def fault(method, *params):
    try:
        await call(method, *params)
    except xmlrpc.Fault as error:
        return error
    raise AssertionError("expected a fault")


async def test_int():
    await echo(0, 1, -1, 2**31 - 1, -(2**31))


async def test_i8():
    # The module that writes the values accepts custom types.
    class I8:
        def __init__(self, value):
            self.value = value

    def write(self, value, out):
        out("<value><i8>%d</i8></value>" % value.value)

    rpc.Marshaller.dispatch[I8] = write
    for value in [2**63 - 1, -(2**63), 2**53, 2**31]:
        same(await call("peer.echo", I8(value)), value)


async def test_boolean():
    await echo(True, False)


async def test_double():
    await echo(0.5, -0.25, 0.1, 1.0 / 3, 0.30000000000000004, 123456789.12345679, 1e15, 1e300, -1e-7, 2.5e-300)


async def test_string():
    await echo("", "text", " ", " a\tb ", "<&>\"'", "]]>", "&amp;amp;")


async def test_line_ends():
    await echo("one\ntwo")
    same(await call("peer.echo", "one\r\ntwo"), "one\ntwo")
    raise Cannot("it writes carriage returns unescaped, and XML reads them as line feeds")


async def test_unicode():
    await echo("n\u00e9e", "\u65e5\u672c\u8a9e", "\U0001f600", "\uffe6a")


def blob(length):
    return (bytes(range(256)) * (length // 256 + 1))[:length]


async def test_base64():
    for length in [0, 1, 2, 256]:
        same((await call("peer.echo", xmlrpc.Binary(blob(length)))).data, blob(length))


async def test_base64_large():
    data = blob(10000000)
    same((await call("peer.echo", xmlrpc.Binary(data))).data, data)


async def test_date():
    for text in ["19980717T14:08:55", "00010101T00:00:00", "99991231T23:59:59"]:
        same((await call("peer.echo", xmlrpc.DateTime(text))).value, text)
    day = datetime.datetime(2026, 2, 28, 23, 59, 59)
    same(await proxy(useDateTime=True).callRemote("peer.echo", day), day)


async def test_array():
    await echo([], [1, "a", [[], [2.5]], {"b": [True]}])


async def test_struct():
    await echo({}, {"a": 1, "b": {"c": {}}}, {"": 1, "two words": 2, "<&>\"'": 3, "]]>": 4, "n\u00e9e": 5})


async def test_nested():
    value = 1
    for level in range(50):
        value = {"in": value} if level % 2 else [value]
    await echo(value)


async def test_nil():
    await echo(None, [1, None, "a"])


async def test_no_params():
    same(await call("peer.nothing"), "nothing")


async def test_many_params():
    same(await call("peer.sum", *range(1, 21)), 210)


async def test_fault():
    for code, text in [(17, "as it was told"), (-5, "<&>\"' n\u00e9e"), (1, "")]:
        error = await fault("peer.fail", code, text)
        same((error.faultCode, error.faultString), (code, text))


async def test_unknown_method():
    same((await fault("peer.unknown")).faultCode, -32601)


async def test_wrong_types():
    for params in [("one", [2]), (1,), (1, 2, 3), (1, {})]:
        same((await fault("peer.add", *params)).faultCode, -32602)


def entry(method, *params):
    return {"methodName": method, "params": list(params)}


async def test_multicall():
    entries = [entry("peer.add", 1, 2), entry("peer.fail", 17, "no"), entry("peer.nothing"), entry("peer.unknown"),
               entry("peer.add", 3, 4)]
    results = await call("system.multicall", entries)
    same(results[0:3] + results[4:], [[3], {"faultCode": 17, "faultString": "no"}, ["nothing"], [7]])
    same(results[3]["faultCode"], -32601)
    many = await call("system.multicall", [entry("peer.add", number, number) for number in range(500)])
    same(many, [[2 * number] for number in range(500)])


async def test_introspection():
    names = await call("system.listMethods")
    assert names == sorted(names) and "peer.add" in names, names
    same(await call("system.methodSignature", "peer.add"), [["int", "int", "int"]])
    same(await call("system.methodHelp", "peer.add"), "Adds up two numbers.")


async def test_gzip_request():
    raise Cannot("it does not compress calls")


async def test_gzip_answer():
    raise Cannot("it does not ask for compression, and its callers cannot set headers")


async def test_keep_alive():
    raise Cannot("it closes the connection after each response")


async def test_concurrent():
    async def work(number):
        for other in range(4):
            same(await call("peer.add", number, other), number + other)

    await defer.gatherResults([defer.ensureDeferred(work(number)) for number in range(50)], consumeErrors=True)


async def test_large_answer():
    same(len(await call("peer.letters", 20000000)), 20000000)


async def test_basic_auth():
    url = URL.replace("//", "//moe:%s@") + "/auth"
    same(await proxy(url % "secret").callRemote("peer.add", 1, 2), 3)
    try:
        await proxy(url % "wrong").callRemote("peer.add", 1, 2)
    except ValueError as error:
        same(error.args[0], b"401")
    else:
        raise AssertionError("a wrong password was let in")


async def test_latin1_request():
    raise Cannot("it writes only UTF-8")


async def test_latin1_answer():
    raise Cannot("our server writes only UTF-8")


async def test_unix_socket():
    class Unix:
        """A reactor that connects to the socket for any host."""

        def connectTCP(self, host, port, factory, timeout):
            return reactor.connectUNIX(UNIX, factory, timeout)

    same(await proxy("http://localhost/RPC2", reactor=Unix()).callRemote("peer.add", 1, 2), 3)


async def test_scgi():
    raise Cannot("our server speaks only HTTP; a web server in front of it can translate SCGI")


async def validator():
    def test(name, *params):
        return call("validator1." + name, *params)

    structs = [{"moe": 1, "larry": 2, "curly": n} for n in range(9)]
    same(await test("arrayOfStructsTest", structs), 36)
    same((await test("countTheEntities", "<a>&'\"\""))["ctQuotes"], 2)
    same(await test("easyStructTest", {"moe": 1, "larry": 2, "curly": 3}), 6)
    same(await test("echoStructTest", {"a": {"b": 1}}), {"a": {"b": 1}})
    found = await test("manyTypesTest", 1, True, "a", 2.5, xmlrpc.DateTime("19980717T14:08:55"), xmlrpc.Binary(b"x"))
    same(found[:4] + [found[4].value, found[5].data], [1, True, "a", 2.5, "19980717T14:08:55", b"x"])
    same(await test("moderateSizeArrayCheck", [str(n) for n in range(150)]), "0149")
    day = {"moe": 1, "larry": 2, "curly": 3}
    same(await test("nestedStructTest", {"1999": {}, "2000": {"04": {"01": day, "02": day}}}), 6)
    same(await test("simpleStructReturnTest", 3), {"times10": 30, "times100": 300, "times1000": 3000})


async def interop():
    for name, value in [("String", "a"), ("Integer", 5), ("Float", 2.5), ("Struct", {"a": 1}), ("Value", [1]),
                        ("StringArray", ["a", ""]), ("IntegerArray", [1, -1]), ("FloatArray", [0.5]),
                        ("StructArray", [{}, {"a": 1}]), ("Boolean", True),
                        ("Date", xmlrpc.DateTime("19980717T14:08:55"))]:
        same(await call("interopEchoTests.echo" + name, value), value)
    same((await call("interopEchoTests.echoBase64", xmlrpc.Binary(b"x"))).data, b"x")
    same(await call("interopEchoTests.noInParams"), 0)
    same(len(await call("interopEchoTests.whichToolkit")), 4)


async def test_example():
    await validator()
    await interop()
    entries = [entry("getData"), entry("pow", 2, 9), entry("add", 1, 2)]
    same(await call("system.multicall", entries), [["42"], [512], [3]])
    assert (await call("currentTime.getCurrentTime")).value.startswith("2")


async def main(reactor):
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            await test()
            outcome = "pass"
        except Cannot as reason:
            outcome = "cannot\t%s" % reason
        except Exception as error:
            reason = "%s: %s" % (type(error).__name__, error)
            outcome = "fail\t" + " ".join(reason.split())[:300]
        print("%s\t%s" % (name[len("test_"):], outcome), flush=True)


task.react(lambda reactor: defer.ensureDeferred(main(reactor)))
