"""Imitates OpenNebula 6: https://docs.opennebula.io/6.10/integration_and_development/system_interfaces/api.html

The session is `oneadmin:secret`. Each result is an array of a boolean, the value or an error text, and a code; an error
adds the identifier of the object. Descriptions of objects are XML documents in a string.
"""

from xml.sax.saxutils import escape

from imitation import Failure, Xml, serve

AUTHENTICATION, NO_EXISTS, ACTION, XML_RPC_API, ALLOCATE = 0x100, 0x400, 0x800, 0x1000, 0x4000

PENDING, HOLD, ACTIVE, DONE, POWEROFF = 1, 2, 3, 6, 8


class AbyssXml(Xml):
    int_tag = "i4"
    line = "\r\n"


class OneFailure(Exception):
    """A code, a text, and the identifier of the object."""


class Machine:
    def __init__(self, number, name, memory, state=PENDING, host=None, start=1_704_164_645, end=0):
        self.number, self.name, self.memory, self.state, self.host = number, name, memory, state, host
        self.start, self.end, self.lcm_state = start, end, 3 if state == ACTIVE else 0

    def xml(self):
        history = ""
        if self.host:
            history = (
                "<HISTORY><OID>%d</OID><SEQ>0</SEQ><HOSTNAME>%s</HOSTNAME><HID>0</HID><CID>0</CID></HISTORY>"
                % (self.number, self.host)
            )
        return (
            "<VM><ID>%d</ID><UID>0</UID><GID>0</GID><UNAME>oneadmin</UNAME><GNAME>oneadmin</GNAME><NAME>%s</NAME>"
            "<LAST_POLL>0</LAST_POLL><STATE>%d</STATE><LCM_STATE>%d</LCM_STATE><RESCHED>0</RESCHED>"
            "<STIME>%d</STIME><ETIME>%d</ETIME><DEPLOY_ID></DEPLOY_ID>"
            "<TEMPLATE><CPU><![CDATA[0.5]]></CPU><MEMORY><![CDATA[%d]]></MEMORY>"
            "<NIC><IP><![CDATA[10.0.0.%d]]></IP></NIC></TEMPLATE>"
            "<USER_TEMPLATE/><HISTORY_RECORDS>%s</HISTORY_RECORDS></VM>"
        ) % (
            self.number, escape(self.name), self.state, self.lcm_state, self.start, self.end, self.memory, self.number,
            history,
        )


machines = [
    Machine(7, "web", 2048, ACTIVE, "node1"),
    Machine(8, "R&D <test>", 512),
    Machine(9, "gone", 256, DONE, "node1", end=1_704_251_045),
]

HOSTS = (
    "<HOST_POOL><HOST><ID>0</ID><NAME>node1</NAME><STATE>2</STATE><IM_MAD><![CDATA[kvm]]></IM_MAD>"
    "<HOST_SHARE><MEM_USAGE>2097152</MEM_USAGE><TOTAL_MEM>16777216</TOTAL_MEM><CPU_USAGE>50</CPU_USAGE>"
    "<TOTAL_CPU>800</TOTAL_CPU><RUNNING_VMS>1</RUNNING_VMS></HOST_SHARE><VMS><ID>7</ID></VMS></HOST></HOST_POOL>"
)

TEMPLATES = (
    "<VMTEMPLATE_POOL><VMTEMPLATE><ID>3</ID><UNAME>oneadmin</UNAME><NAME>Debian 12</NAME>"
    "<REGTIME>1704164645</REGTIME><TEMPLATE><MEMORY><![CDATA[1024]]></MEMORY></TEMPLATE></VMTEMPLATE>"
    "</VMTEMPLATE_POOL>"
)


def machine(number, what="virtual machine"):
    for it in machines:
        if it.number == number:
            return it
    raise OneFailure(NO_EXISTS, "Error getting %s [%d]." % (what, number), number)


def pool(owner, first, last, state, _filter=""):
    if owner < -4:
        raise OneFailure(XML_RPC_API, "Incorrect filter_flag", -1)
    found = [it for it in machines if first < 0 or first <= it.number and (last < 0 or it.number <= last)]
    if state >= 0:
        found = [it for it in found if it.state == state]
    elif state == -1:
        found = [it for it in found if it.state != DONE]
    return "<VM_POOL>%s</VM_POOL>" % "".join(it.xml() for it in found)


# What each action needs, and what it leads to.
ACTIONS = {
    "poweroff": (ACTIVE, POWEROFF),
    "poweroff-hard": (ACTIVE, POWEROFF),
    "resume": (POWEROFF, ACTIVE),
    "hold": (PENDING, HOLD),
    "release": (HOLD, PENDING),
    "terminate": (None, DONE),
}


def act(action, number):
    it = machine(number)
    if action not in ACTIONS:
        raise OneFailure(ACTION, 'Error performing action "%s": This action is not supported' % action, number)
    needed, state = ACTIONS[action]
    if needed not in (None, it.state) or it.state == DONE:
        text = 'Error performing action "%s": This action is not available for state %d' % (action, it.state)
        raise OneFailure(ACTION, text, number)
    it.state, it.lcm_state = state, 3 if state == ACTIVE else 0
    it.end = 1_704_251_045 if state == DONE else 0
    return number


def rename(number, name):
    machine(number).name = name
    return number


def deploy(number, host, _enforce=False, _datastore=-1, _extra=""):
    if host != 0:
        raise OneFailure(NO_EXISTS, "Error getting host [%d]." % host, host)
    it = machine(number)
    it.state, it.lcm_state, it.host = ACTIVE, 3, "node1"
    return number


def instantiate(template, name, is_on_hold=False, extra="", _persistent=False):
    if template != 3:
        raise OneFailure(NO_EXISTS, "Error getting virtual machine template [%d]." % template, template)
    number = machines[-1].number + 1
    memory = int(extra.partition("MEMORY=")[2] or 1024)
    machines.append(Machine(number, name or "one-%d" % number, memory, HOLD if is_on_hold else PENDING))
    return number


# The types of the parameters after the session. xmlrpc-c sends a fault for others.
METHODS = {
    "one.system.version": (lambda: "6.10.0", []),
    "one.vmpool.info": (pool, [int, int, int, int, str]),
    "one.vm.info": (lambda number, _decrypt=False: machine(number).xml(), [int, bool]),
    "one.vm.action": (act, [str, int]),
    "one.vm.rename": (rename, [int, str]),
    "one.vm.deploy": (deploy, [int, int, bool, int, str]),
    "one.hostpool.info": (lambda: HOSTS, []),
    "one.templatepool.info": (lambda *_: TEMPLATES, [int, int, int]),
    "one.template.instantiate": (instantiate, [int, str, bool, str, bool]),
}


def envelope(method, params, _headers):
    if method not in METHODS:
        raise Failure(-506, "Method '%s' not defined" % method)
    function, types = METHODS[method]
    session, *params = params
    for position, (param, expected) in enumerate(zip(params, types), 1):
        if type(param) is not expected:
            raise Failure(-501, "Parameter %d that is supposed to be %s is not" % (position, expected.__name__))
    try:
        if session != "oneadmin:secret":
            raise OneFailure(AUTHENTICATION, "User couldn't be authenticated, aborting.", -1)
        return [True, function(*params), 0]
    except OneFailure as failure:
        code, text, number = failure.args
        return [False, "[%s] %s" % (method, text), code, number]


serve("OpenNebula", {"/RPC2": envelope}, AbyssXml())
