# The command `xmlrpc` of xmlrpc-c calls our server. Each output line has a case, its outcome and the reason.
import re
import subprocess
import sys

URL, UNIX = sys.argv[1], sys.argv[2]


class Cannot(Exception):
    pass


NO_ARRAYS = "it cannot send arrays or structs"


def run(*arguments, path="/RPC2"):
    """Returns the result as printed. For an error it is a text that begins with `Failed`."""
    command = ["xmlrpc", URL + path, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    text = done.stdout.decode("utf-8")
    head, _, result = text.partition("Result:\n\n")
    assert (done.returncode == 0) == (head == ""), text
    return result or head


def same(found, expected):
    assert found == expected, "expected %.80r, got %.80r" % (expected, found)


def echo(parameter, printed):
    same(run("peer.echo", parameter).rstrip("\n"), printed)


def fault(*arguments):
    text = run(*arguments)
    match = re.fullmatch(r"Failed\.  Call failed\.  RPC failed at server\.  (.*)\.  \(XML-RPC fault code (-?\d+)\)\n",
                         text, re.DOTALL)
    assert match, text
    return int(match.group(2)), match.group(1)


def printed(text):
    """The output for a text."""
    escapes = {"\t": "\\t", "\\": "\\\\"}
    return "String: '%s'" % "".join(
        "".join("\\x%02x" % byte for byte in it.encode("utf-8")) if it > "~" else escapes.get(it, it) for it in text)


def test_int():
    for number in [0, 1, -1, 2**31 - 1, -(2**31)]:
        echo("i/%d" % number, "Integer: %d" % number)


def test_i8():
    for number in [2**63 - 1, -(2**63), 2**53, -(2**53), 2**31]:
        echo("I/%d" % number, "64-bit integer: %d" % number)


def test_boolean():
    echo("b/true", "Boolean: TRUE")
    echo("b/f", "Boolean: FALSE")


def test_double():
    for text in ["0.500000", "-0.250000", "1000000000000000.000000", "0.100000", "123456789.123457"]:
        echo("d/" + text, "Floating Point: " + text)
    echo("d/-1e-7", "Floating Point: -0.000000")
    raise Cannot("it prints only six digits after the decimal point")


def test_string():
    for text in ["", "text", " ", " a\tb ", "<&>\"'", "]]>", "&amp;amp;"]:
        echo("s/" + text, printed(text))


def test_line_ends():
    for text in ["one\ntwo", "one\r\ntwo", "one\rtwo"]:
        echo("s/" + text, "String: \n  one\\n\n  two")
    raise Cannot("it writes a carriage return as a line feed")


def test_unicode():
    for text in ["n\u00e9e", "\u65e5\u672c\u8a9e", "\uffe6a"]:
        echo("s/" + text, printed(text))
    text = run("peer.echo", "s/\U0001f600")
    assert "Basic Multilingual" in text, text
    raise Cannot("it refuses characters outside the Basic Multilingual Plane")


def test_base64():
    for length in [0, 1, 2, 256, 50000]:
        digits = (bytes(range(256)) * 200)[:length].hex()
        same("".join(run("peer.echo", "h/" + digits).split()), "Bitstring:" + digits)


def test_base64_large():
    try:
        run("peer.echo", "h/" + "00" * 10000000)
    except OSError:
        raise Cannot("its parameters are command-line arguments of at most 128 KB")
    raise AssertionError("such a long argument was accepted")


def test_date():
    text = run("currentTime.getCurrentTime")
    assert text.startswith("Don't know how to print datetime"), text
    raise Cannot("it neither sends nor prints dates")


def test_array():
    echo("array/(i/1)", printed("array/(i/1)"))
    raise Cannot(NO_ARRAYS)


def test_struct():
    same(run("validator1.simpleStructReturnTest", "i/3").split()[:8],
         "Struct of 3 members: Key: String: 'times10' Value:".split())
    raise Cannot(NO_ARRAYS)


def test_nested():
    raise Cannot(NO_ARRAYS)


def test_nil():
    echo("n/", "Nil")
    raise Cannot(NO_ARRAYS + "; nil alone passes")


def test_no_params():
    same(run("peer.nothing"), "String: 'nothing'\n")


def test_many_params():
    same(run("peer.sum", *["i/%d" % number for number in range(1, 21)]), "Integer: 210\n")


def test_fault():
    for code, text in [(17, "as it was told"), (-5, "<&>\"' n\u00e9e"), (1, "")]:
        same(fault("peer.fail", "i/%d" % code, "s/" + text), (code, text))


def test_unknown_method():
    same(fault("peer.unknown")[0], -32601)


def test_wrong_types():
    for parameters in [["s/one", "i/2"], ["i/1"], ["i/1", "i/2", "i/3"], ["i/1", "d/0.5"]]:
        same(fault("peer.add", *parameters)[0], -32602)


def test_multicall():
    raise Cannot(NO_ARRAYS)


def test_introspection():
    text = run("system.listMethods")
    names = re.findall(r"^  Index +\d+ String: '(.*)'$", text, re.MULTILINE)
    assert text.startswith("Array of %d items:" % len(names)), text
    assert names == sorted(names) and "peer.add" in names, names
    text = run("system.methodSignature", "peer.add")
    same(re.sub(r"\s+", " ", text),
         "Array of 1 items: Index 0 Array of 3 items: " + "".join("Index %d String: 'int' " % n for n in range(3)))
    same(run("system.methodHelp", "peer.add"), "String: 'Adds up two numbers.'\n")


def test_gzip_request():
    raise Cannot("it does not compress calls")


def test_gzip_answer():
    raise Cannot("it does not ask for compression")


def test_keep_alive():
    raise Cannot("it runs one process for each call")


def test_concurrent():
    processes = [
        subprocess.Popen(["xmlrpc", URL + "/RPC2", "peer.add", "i/%d" % number, "i/1"], stdout=subprocess.PIPE)
        for number in range(50)
    ]
    results = [process.communicate(timeout=60)[0].decode() for process in processes]
    same(results, ["Result:\n\nInteger: %d\n" % (number + 1) for number in range(50)])


def test_large_answer():
    same(len(run("peer.letters", "i/500000")), 500000 + len("String: ''\n"))
    text = run("peer.letters", "i/20000000")
    assert "XML-RPC response too large.  Our limit is 524288 characters" in text, text
    raise Cannot("it reads at most 512 KB")


def test_basic_auth():
    call = ["peer.add", "i/1", "i/2", "-username=moe"]
    same(run(*call, "-password=secret", path="/auth"), "Integer: 3\n")
    text = run(*call, "-password=wrong", path="/auth")
    assert "HTTP response code is 401" in text, text


def test_latin1_request():
    raise Cannot("it writes only UTF-8")


def test_latin1_answer():
    raise Cannot("our server writes only UTF-8")


def test_unix_socket():
    raise Cannot("none of its transports supports unix sockets")


def test_scgi():
    raise Cannot("our server speaks only HTTP; a web server in front of it can translate SCGI")


def test_example():
    entities = re.sub(r"\s+", " ", run("validator1.countTheEntities", "s/<a>&'\"\""))
    assert "'ctQuotes' Value: Integer: 2 " in entities, entities
    for name, parameter, result in [
        ("String", "s/a", "String: 'a'"),
        ("Integer", "i/5", "Integer: 5"),
        ("Float", "d/2.5", "Floating Point: 2.500000"),
        ("Boolean", "b/true", "Boolean: TRUE"),
        ("Value", "i/1", "Integer: 1"),
        ("Base64", "h/78", "Bit string: 78"),
    ]:
        same(run("interopEchoTests.echo" + name, parameter).rstrip("\n"), result)
    same(run("interopEchoTests.noInParams"), "Integer: 0\n")
    assert run("interopEchoTests.whichToolkit").startswith("Struct of 4 members:\n")
    same(run("getData"), "String: '42'\n")
    same(run("pow", "i/2", "i/9"), "Integer: 512\n")
    same(run("add", "i/1", "i/2"), "Integer: 3\n")


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
