"""Times Python's xmlrpc.client; see mod.rs for what is said on stdin and stdout."""

import sys
import time
from xmlrpc.client import dumps, loads

requests, answers = sys.stdin.buffer, sys.stdout.buffer
task = None
document = b""


def decode():
    return loads(document, use_builtin_types=True)


def encode_what(params, method):
    if method is None:
        return lambda: dumps(params, methodresponse=True, allow_none=True).encode()
    return lambda: dumps(params, method, allow_none=True).encode()


def answer(line):
    answers.write(f"{line}\n".encode())
    answers.flush()


for line in requests:
    command, *arguments = line.split()
    try:
        if command == b"version":
            answer(sys.version.split()[0])
        elif command == b"load":
            document = requests.read(int(arguments[2]))
            task = decode
            if arguments[0] == b"encode":
                task = encode_what(*decode())
            answer("ok")
        elif command == b"run":
            times = range(int(arguments[0]))
            start = time.thread_time_ns()
            for _ in times:
                task()
            answer(time.thread_time_ns() - start)
        elif command == b"show":
            result = task()
            # What was decoded is shown by its document: floats are written so that they read back.
            xml = encode_what(*result)() if task is decode else result
            answer(len(xml))
            answers.write(xml)
            answers.flush()
    except Exception as error:  # noqa: BLE001: whatever it is, it is said
        answer(f"error {type(error).__name__}: {error}".replace("\n", " ")[:200])
