"""Imitates Bugzilla 5.2 at `/xmlrpc.cgi`: https://bugzilla.readthedocs.io/en/5.2/api/

The API key is `secret`, in the member `Bugzilla_api_key` of the struct: released versions read no header. Each method
takes one struct and returns one. Members without a value are missing. With `BUGZILLA_NIL=1` in the environment they are nil, as
in Bugzilla 3.6.
"""

import datetime
import os

from imitation import Failure, Xml, serve

PARAM_REQUIRED, NO_OBJECT, NO_BUG, NO_STATUS, NO_RESOLUTION, BAD_KEY, LOGIN = 50, 51, 101, 104, 121, 306, 410

KEY = "secret"
USER = "ada@example.com"
NOW = datetime.datetime(2024, 5, 6, 7, 8, 9)


class BugzillaXml(Xml):
    def content(self, it):
        if it is None:
            return "<nil/>"
        return super().content(it)

    def struct(self, members):
        if "BUGZILLA_NIL" not in os.environ:
            members = {name: it for name, it in members.items() if it is not None}
        return super().struct(members)


def bug(number, summary, **other):
    return {
        "id": number,
        "summary": summary,
        "product": "Widgets",
        "component": "Engine",
        "version": "unspecified",
        "status": "CONFIRMED",
        "resolution": "",
        "priority": "---",
        "severity": "normal",
        "assigned_to": "nobody@example.com",
        "creator": USER,
        "creation_time": datetime.datetime(2024, 1, 2, 3, 4, 5),
        "last_change_time": datetime.datetime(2024, 1, 2, 3, 4, 5),
        "is_open": True,
        "dupe_of": None,
        "deadline": None,
        "alias": [],
        "keywords": [],
        "blocks": [],
        "depends_on": [],
        "estimated_time": 0.0,
        **other,
    }


bugs = {
    35: bug(35, 'Crash on "<&>" in a name', severity="critical", keywords=["crash"], deadline="2024-12-31"),
    36: bug(36, "Crash with names", status="RESOLVED", resolution="DUPLICATE", is_open=False, dupe_of=35),
    37: bug(37, "Größe is wrong", assigned_to=USER, depends_on=[35]),
}


def comment(number, bug_id, text, count, creator=USER, is_private=False):
    return {
        "id": number,
        "bug_id": bug_id,
        "attachment_id": None,
        "count": count,
        "text": text,
        "creator": creator,
        "time": NOW,
        "creation_time": NOW,
        "is_private": is_private,
        "tags": [],
    }


comments = [comment(101, 35, "It crashes.", 0), comment(102, 36, "It crashes, too.", 0), comment(103, 37, "Wrong.", 0)]

PRODUCTS = [
    {
        "id": 1,
        "name": "Widgets",
        "description": "Things",
        "is_active": True,
        "default_milestone": "---",
        "components": [
            {"id": 1, "name": "Engine", "description": "Inside", "default_assigned_to": "nobody@example.com"},
            {"id": 2, "name": "Paint", "description": "Outside", "default_assigned_to": USER},
        ],
        "versions": [{"id": 1, "name": "unspecified", "is_active": True}],
    }
]


def find(number):
    it = bugs.get(number)
    if it is None:
        raise Failure(NO_BUG, "Bug #%s does not exist." % number)
    return it


def require(params, method, *names):
    for name in names:
        if name not in params:
            raise Failure(PARAM_REQUIRED, "The function %s requires a %s argument, and that argument was not set." % (
                method, name))


def as_list(it):
    return it if isinstance(it, list) else [it]


def only(params, it):
    """Obeys `include_fields` and `exclude_fields`."""
    wanted, unwanted = params.get("include_fields"), params.get("exclude_fields", ())
    return {name: value for name, value in it.items() if (not wanted or name in wanted) and name not in unwanted}


CRITERIA = ("product", "component", "status", "resolution", "assigned_to", "creator", "severity", "id")


def search(params):
    found = []
    for it in bugs.values():
        if any(it[name] not in as_list(params[name]) for name in CRITERIA if name in params):
            continue
        words = as_list(params.get("summary", []))
        if words and not any(word.lower() in it["summary"].lower() for word in words):
            continue
        if "last_change_time" in params and it["last_change_time"] < params["last_change_time"]:
            continue
        found.append(only(params, it))
    if "offset" in params:
        require(params, "Bug.search()", "limit")
    offset = params.get("offset", 0)
    return {"bugs": found[offset:][: params.get("limit") or None]}


def get(params):
    require(params, "Bug.get", "ids")
    found, faults = [], []
    for number in as_list(params["ids"]):
        try:
            found.append(only(params, find(int(number))))
        except Failure as failure:
            if not params.get("permissive"):
                raise
            faults.append({"id": number, "faultCode": failure.code, "faultString": failure.message})
    return {"bugs": found, "faults": faults}


def get_comments(params):
    found = {}
    for number in as_list(params.get("ids", [])):
        find(number)
        since = params.get("new_since", datetime.datetime.min)
        of_bug = [it for it in comments if it["bug_id"] == number and it["time"] > since]
        found[str(number)] = {"comments": [only(params, it) for it in of_bug]}
    return {"bugs": found, "comments": {}}


def add_comment(params):
    require(params, "Bug.add_comment", "id", "comment")
    number = find(params["id"])["id"]
    if not params["comment"].strip():
        raise Failure(PARAM_REQUIRED, "You have to specify a comment.")
    count = sum(it["bug_id"] == number for it in comments)
    private = params.get("is_private", False)
    comments.append(comment(comments[-1]["id"] + 1, number, params["comment"], count, is_private=private))
    bugs[number]["last_change_time"] = NOW
    return {"id": comments[-1]["id"]}


def create(params):
    require(params, "Bug.create", "product", "component", "summary", "version")
    if params["product"] not in [it["name"] for it in PRODUCTS]:
        raise Failure(NO_OBJECT, "There is no product named '%s'." % params["product"])
    number = max(bugs) + 1
    fields = {name: it for name, it in params.items() if name in bugs[35] and name != "id"}
    bugs[number] = bug(number, **fields, creation_time=NOW, last_change_time=NOW)
    comments.append(comment(comments[-1]["id"] + 1, number, params.get("description", ""), 0))
    return {"id": number}


def update(params):
    require(params, "Bug.update", "ids")
    changed = []
    for number in as_list(params["ids"]):
        it, changes = find(number), {}
        status = params.get("status", it["status"])
        if status not in ("UNCONFIRMED", "CONFIRMED", "IN_PROGRESS", "RESOLVED", "VERIFIED"):
            raise Failure(NO_STATUS, "There is no status named '%s'." % status)
        is_open = status not in ("RESOLVED", "VERIFIED")
        if not is_open and not (params.get("resolution") or it["resolution"]):
            raise Failure(NO_RESOLUTION, "A valid resolution is required to mark bugs as %s." % status)
        for name in ("status", "resolution", "assigned_to", "priority", "severity", "summary", "deadline", "dupe_of"):
            if name in params and params[name] != it[name]:
                changes[name] = {"removed": str(it[name] or ""), "added": str(params[name])}
                it[name] = params[name]
        it["is_open"], it["last_change_time"] = is_open, NOW
        if "comment" in params:
            add_comment({"id": number, "comment": params["comment"]["body"]})
        changed.append({"id": number, "alias": [], "last_change_time": NOW, "changes": changes})
    return {"bugs": changed}


def products(params):
    names = params.get("names", [it["name"] for it in PRODUCTS])
    return {"products": [it for it in PRODUCTS if it["name"] in names]}


# These do not look at the key.
EXEMPT = {
    "Bugzilla.version": lambda _: {"version": "5.2"},
}
FREE = {
    "Bugzilla.time": lambda _: {"db_time": NOW, "web_time": NOW, "tz_name": "UTC"},
    "Bug.search": search,
    "Bug.get": get,
    "Bug.comments": get_comments,
    "Product.get": products,
}
FOR_USERS = {
    "Bug.create": create,
    "Bug.update": update,
    "Bug.add_comment": add_comment,
}


def call(method, params, _headers):
    params = dict(params[0]) if params and isinstance(params[0], dict) else {}
    key = params.pop("Bugzilla_api_key", None)
    if method in EXEMPT:
        return EXEMPT[method](params)
    if key not in (None, KEY):
        raise Failure(BAD_KEY, "The API key you specified is invalid. Please check that you typed it correctly.")
    if method in FREE:
        return FREE[method](params)
    if method not in FOR_USERS:
        raise Failure(-32601, "There is no method named '%s'." % method)
    if key is None:
        raise Failure(LOGIN, "You must log in before using this part of Bugzilla.")
    return FOR_USERS[method](params)


serve("Bugzilla", {"/xmlrpc.cgi": call}, BugzillaXml())
