"""Times Python's xmlrpc.client; mod.rs describes what goes over stdin and stdout."""

import sys
import time
from xmlrpc.client import dumps, loads

requests, responses = sys.stdin.buffer, sys.stdout.buffer
task = None
document = b""


def decode():
    return loads(document, use_builtin_types=True)


def encode_what(params, method):
    if method is None:
        return lambda: dumps(params, methodresponse=True, allow_none=True).encode()
    return lambda: dumps(params, method, allow_none=True).encode()


def respond(line):
    responses.write(f"{line}\n".encode())
    responses.flush()


for line in requests:
    command, *arguments = line.split()
    try:
        if command == b"version":
            respond(sys.version.split()[0])
        elif command == b"load":
            document = requests.read(int(arguments[2]))
            task = decode
            if arguments[0] == b"encode":
                task = encode_what(*decode())
            respond("ok")
        elif command == b"run":
            times = range(int(arguments[0]))
            start = time.thread_time_ns()
            for _ in times:
                task()
            respond(time.thread_time_ns() - start)
        elif command == b"show":
            result = task()
            # Shows what was decoded by encoding it again; floats are written exactly.
            xml = encode_what(*result)() if task is decode else result
            respond(len(xml))
            responses.write(xml)
            responses.flush()
    except Exception as error:  # noqa: BLE001: every error is reported
        respond(f"error {type(error).__name__}: {error}".replace("\n", " ")[:200])
