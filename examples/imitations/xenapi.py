"""Imitates the XenAPI of XCP-ng 8.2 and XenServer: https://xapi-project.github.io/xen-api/wire-protocol.html

The user is `root`, the password `secret`. Each result is in a struct with `Status` and `Value`, or `ErrorDescription`.
Integers of 64 bits are text, results without a value are an empty text, and strings have no type element. A reference
to nothing is `OpaqueRef:NULL`, and a date that is not set is the start of 1970. The user `member` gets the response
that a host gives which does not coordinate its pool.
"""

import datetime
import itertools
import uuid

from imitation import Xml, serve

NULL = "OpaqueRef:NULL"
NEVER = datetime.datetime(1970, 1, 1)


class XenXml(Xml):
    is_text_bare = True
    date_end = "Z"

    def head(self):
        return ""


class XenFailure(Exception):
    """An error code and its parameters."""


def reference(name):
    return "OpaqueRef:%s" % uuid.uuid5(uuid.NAMESPACE_DNS, name)


HOST = reference("host")
POOL = reference("pool")
STORAGE = reference("storage")
numbers = itertools.count()
sessions = set()
tasks = {}


def machine(name, state, memory, **other):
    is_running = state == "Running"
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "name_label": name,
        "name_description": "",
        "power_state": state,
        "is_a_template": False,
        "is_a_snapshot": False,
        "is_control_domain": False,
        "snapshot_of": NULL,
        "snapshot_time": NEVER,
        "resident_on": HOST if is_running else NULL,
        "affinity": NULL,
        "memory_static_max": str(memory),
        "VCPUs_max": "2",
        "domid": "7" if is_running else "-1",
        "tags": [],
        "other_config": {},
        "allowed_operations": ["clean_shutdown", "snapshot"] if is_running else ["start", "snapshot"],
        **other,
    }


HOSTS = {
    HOST: {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, "host")),
        "name_label": "xcp-1",
        "hostname": "xcp-1",
        "address": "192.168.1.10",
        "enabled": True,
        "software_version": {"product_brand": "XCP-ng", "product_version": "8.2.1"},
        "cpu_info": {"cpu_count": "8", "modelname": "AMD EPYC"},
    }
}
POOLS = {POOL: {"uuid": str(uuid.uuid4()), "name_label": "", "master": HOST, "default_SR": STORAGE}}
STORAGES = {
    STORAGE: {
        "uuid": str(uuid.uuid4()),
        "name_label": "Local storage",
        "type": "ext",
        "physical_size": "982820896768",
        "physical_utilisation": "5368709120",
    }
}
MACHINES = {
    reference("dom0"): machine("Control domain on host: xcp-1", "Running", 2 << 30, is_control_domain=True, domid="0"),
    reference("template"): machine("Debian Bookworm 12", "Halted", 1 << 30, is_a_template=True),
    reference("web"): machine("web", "Running", 4 << 30, tags=["production"], name_description="nginx & <PHP>"),
    reference("db"): machine("db", "Halted", 8 << 30),
    reference("old"): machine(
        "web before the update",
        "Halted",
        4 << 30,
        is_a_template=True,
        is_a_snapshot=True,
        snapshot_of=reference("web"),
        snapshot_time=datetime.datetime(2024, 1, 2, 3, 4, 5),
    ),
}


def vm(ref):
    if ref not in MACHINES:
        raise XenFailure("HANDLE_INVALID", "VM", ref)
    return MACHINES[ref]


def check_power(ref, expected):
    it = vm(ref)
    if it["is_a_template"]:
        raise XenFailure("VM_IS_TEMPLATE", ref)
    if it["power_state"] != expected:
        raise XenFailure("VM_BAD_POWER_STATE", ref, expected.lower(), it["power_state"].lower())
    return it


def start(ref, _paused, _force):
    check_power(ref, "Halted").update(power_state="Running", resident_on=HOST, domid="8")
    return ""


def shutdown(ref):
    check_power(ref, "Running").update(power_state="Halted", resident_on=NULL, domid="-1")
    return ""


def snapshot(ref, name):
    copy = reference("snapshot %d" % next(numbers))
    now = datetime.datetime(2024, 5, 6, 7, 8, 9)
    MACHINES[copy] = machine(
        name, "Halted", int(vm(ref)["memory_static_max"]), is_a_template=True, is_a_snapshot=True, snapshot_of=ref,
        snapshot_time=now,
    )
    return copy


def destroy(ref):
    vm(ref)
    del MACHINES[ref]
    return ""


def set_field(name):
    def set_it(ref, value):
        vm(ref)[name] = value
        return ""

    return set_it


def add_tags(ref, tag):
    tags = vm(ref)["tags"]
    if tag not in tags:
        tags.append(tag)
    return ""


def in_background(function):
    """The tasks of the imitation take two looks."""

    def begin(*params):
        ref = reference("task %d" % next(numbers))
        task = {"uuid": str(uuid.uuid4()), "created": datetime.datetime(2024, 5, 6, 7, 8, 9), "finished": NEVER}
        task.update(name_label="Async.VM", status="pending", progress=0.0, error_info=[], result="")
        tasks[ref] = (task, lambda: function(*params))
        return ref

    return begin


def task_record(ref):
    if ref not in tasks:
        raise XenFailure("HANDLE_INVALID", "task", ref)
    task, function = tasks[ref]
    before = dict(task)
    if task["status"] == "pending":
        task["finished"], task["progress"] = datetime.datetime(2024, 5, 6, 7, 8, 10), 1.0
        try:
            function()
            task["status"] = "success"
        except XenFailure as failure:
            task["status"], task["error_info"] = "failure", list(failure.args)
    return before


def destroy_task(ref):
    if tasks.pop(ref, None) is None:
        raise XenFailure("HANDLE_INVALID", "task", ref)
    return ""


METHODS = {
    "host.get_all_records": lambda: HOSTS,
    "pool.get_all_records": lambda: POOLS,
    "SR.get_all_records": lambda: STORAGES,
    "VM.get_all_records": lambda: MACHINES,
    "VM.get_record": vm,
    "VM.get_by_name_label": lambda name: [ref for ref, vm in MACHINES.items() if vm["name_label"] == name],
    "VM.start": start,
    "VM.clean_shutdown": shutdown,
    "VM.hard_shutdown": shutdown,
    "VM.snapshot": snapshot,
    "VM.destroy": destroy,
    "VM.set_name_description": set_field("name_description"),
    "VM.add_tags": add_tags,
    "Async.VM.start": in_background(start),
    "Async.VM.clean_shutdown": in_background(shutdown),
    "task.get_record": task_record,
    "task.destroy": destroy_task,
}


def login(user, password, _version="", _originator=""):
    if user == "member":
        raise XenFailure("HOST_IS_SLAVE", "192.168.1.10")
    if (user, password) != ("root", "secret"):
        raise XenFailure("SESSION_AUTHENTICATION_FAILED", user, "Authentication failure")
    session = reference("session %d" % next(numbers))
    sessions.add(session)
    return session


def call(method, params):
    if method == "session.login_with_password":
        return login(*params)
    if not params or params[0] not in sessions:
        raise XenFailure("SESSION_INVALID", str(params[0]) if params else "")
    session, *params = params
    if method == "session.logout":
        sessions.remove(session)
        return ""
    if method not in METHODS:
        raise XenFailure("MESSAGE_METHOD_UNKNOWN", method)
    try:
        return METHODS[method](*params)
    except TypeError:
        raise XenFailure("MESSAGE_PARAMETER_COUNT_MISMATCH", method, "?", str(len(params)))


def envelope(method, params, _headers):
    try:
        return {"Status": "Success", "Value": call(method, params)}
    except XenFailure as failure:
        return {"Status": "Failure", "ErrorDescription": list(failure.args)}


serve("XenAPI", {"/": envelope, "/RPC2": envelope}, XenXml())
