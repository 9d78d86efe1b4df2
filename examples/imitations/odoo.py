"""Imitates Odoo 17: `/xmlrpc/2/common` and `/xmlrpc/2/object` with the model `res.partner`.

https://www.odoo.com/documentation/17.0/developer/reference/external_api.html

The database is `demo`, the user `admin` and the password `secret`. Odoo writes `False` for each empty field, dates as
text, and a many-to-one field as `[id, name]`. It cannot write `None`: a method without a result runs, and then fails.
The fault of an unexpected exception contains the traceback.
"""

import datetime
import itertools
import traceback
import xmlrpc.client

from imitation import Failure, serve

DATABASE, USER, PASSWORD, UID = "demo", "admin", "secret", 2

OTHER, REFUSED, ACCESS_DENIED, ACCESS_ERROR = 1, 2, 3, 4


class PythonXml:
    """Odoo uses Python's own marshaller."""

    def response(self, it):
        try:
            return self.document((it,))
        except TypeError:
            raise Failure(OTHER, traceback.format_exc())

    def fault(self, code, message):
        return self.document(xmlrpc.client.Fault(code, message))

    def document(self, it):
        content = xmlrpc.client.Marshaller(allow_none=False).dumps(it)
        return '<?xml version="1.0"?>\n<methodResponse>\n%s\n</methodResponse>\n' % content


COUNTRIES = {14: "Belgium", 233: "United States"}

FIELDS = {
    "name": ("char", "Name"),
    "email": ("char", "Email"),
    "phone": ("char", "Phone"),
    "is_company": ("boolean", "Is a Company"),
    "active": ("boolean", "Active"),
    "parent_id": ("many2one", "Related Company"),
    "country_id": ("many2one", "Country"),
    "category_id": ("many2many", "Tags"),
    "partner_latitude": ("float", "Geo Latitude"),
    "date": ("date", "Date"),
    "create_date": ("datetime", "Created on"),
    "write_date": ("datetime", "Last Updated on"),
    "comment": ("html", "Notes"),
}


def record(**fields):
    now = datetime.datetime(2024, 1, 2, 3, 4, 5)
    empty = {"is_company": False, "active": True, "category_id": [], "partner_latitude": 0.0}
    return {**{field: False for field in FIELDS}, **empty, "create_date": now, "write_date": now, **fields}


class Partners:
    """The model `res.partner`. The public methods are those of the model."""

    def __init__(self):
        self.records = {
            1: record(name="YourCompany", is_company=True, country_id=233, email="info@yourcompany.example.com"),
            3: record(name="Mitchell Admin", parent_id=1, phone="+1 555-555-5555", category_id=[3, 5]),
            14: record(name="Azure Interior", is_company=True, country_id=233, partner_latitude=37.7),
            26: record(name="Brandon Freeman", parent_id=14, email="brandon.freeman55@example.com"),
            31: record(name="Brüssel & Söhne <GmbH>", is_company=True, date=datetime.date(2023, 12, 31)),
            40: record(name="Gone", active=False),
        }
        self.next = itertools.count(50)

    def search(self, domain, offset=0, limit=None, order=None):
        if not any(isinstance(term, list) and term[0] == "active" for term in domain):
            domain = [["active", "=", True]] + list(domain)
        found = [number for number, it in self.records.items() if self.matches(domain, number, it)]
        for part in reversed((order or "id").split(",")):
            field, _, direction = part.strip().partition(" ")
            found.sort(key=lambda number: self.sort_key(number, field), reverse=direction.lower() == "desc")
        return found[offset:][: limit or None]

    def search_count(self, domain, limit=None):
        return len(self.search(domain, limit=limit))

    def search_read(self, domain=(), fields=None, offset=0, limit=None, order=None):
        return self.read(self.search(list(domain), offset, limit, order), fields)

    def read(self, ids, fields=None):
        for field in fields or ():
            if field != "id":
                self.field(field)
        ids = [ids] if isinstance(ids, int) else ids
        return [self.written(number, fields or ["id", *FIELDS]) for number in ids]

    def create(self, values):
        if isinstance(values, dict):
            return self.create([values])[0]
        created = []
        for value in values:
            self.check(value)
            if not value.get("name"):
                raise Failure(REFUSED, "Contacts require a name")
            number = next(self.next)
            self.records[number] = record(**value)
            created.append(number)
        return created

    def write(self, ids, values):
        self.check(values)
        for number in [ids] if isinstance(ids, int) else ids:
            self.existing(number).update(values)
        return True

    def unlink(self, ids):
        for number in ids:
            if number in (1, 3):
                message = "You cannot delete contacts linked to an active user.\nYou should rather archive them."
                raise Failure(REFUSED, message)
            self.existing(number)
            del self.records[number]
        return True

    def action_archive(self, ids):
        for number in ids:
            self.existing(number)["active"] = False

    def fields_get(self, names=None, attributes=None):
        return {
            name: {"type": FIELDS[name][0], "string": FIELDS[name][1], "required": False}
            for name in names or FIELDS
        }

    def name_search(self, name="", args=(), operator="ilike", limit=100):
        found = self.search([["name", operator, name], *args], limit=limit)
        return [[number, self.records[number]["name"]] for number in found]

    def check_access_rights(self, operation, raise_exception=True):
        if operation == "unlink" and raise_exception:
            raise Failure(ACCESS_ERROR, "You are not allowed to delete 'Contact' (res.partner) records.")
        return operation != "unlink"

    def existing(self, number):
        if number not in self.records:
            text = "Record does not exist or has been deleted.\n(Record: res.partner(%d,), User: %d)"
            raise Failure(REFUSED, text % (number, UID))
        return self.records[number]

    def check(self, values):
        for name in values:
            self.field(name)

    def field(self, name):
        if name not in FIELDS:
            raise ValueError("Invalid field %r on model 'res.partner'" % name)

    def sort_key(self, number, field):
        value = number if field == "id" else self.records[number][field]
        return (value is not False, value)

    def written(self, number, fields):
        it = self.existing(number)
        return {"id": number, **{name: self.field_value(name, it[name]) for name in fields if name != "id"}}

    def field_value(self, name, value):
        if name == "parent_id" and value:
            return [value, self.records[value]["name"]]
        if name == "country_id" and value:
            return [value, COUNTRIES[value]]
        if isinstance(value, (datetime.datetime, datetime.date)):
            return str(value)
        return value

    def matches(self, domain, number, it):
        """Polish notation: `&` and `|` take the next two terms, `!` the next one; the rest is joined by `&`."""
        stack = []
        for term in reversed(domain):
            if term == "!":
                stack.append(not stack.pop())
            elif term in ("&", "|"):
                left, right = stack.pop(), stack.pop()
                stack.append(left and right if term == "&" else left or right)
            else:
                stack.append(self.holds(term, number, it))
        return all(stack)

    def holds(self, term, number, it):
        name, operator, expected = term
        if name != "id":
            self.field(name)
        value = number if name == "id" else it[name]
        if operator in ("=", "!="):
            return (value == expected) == (operator == "=")
        if operator == "in":
            return value in expected
        if operator == "ilike":
            return bool(value) and expected.lower() in value.lower()
        raise ValueError("Invalid leaf %r" % (term,))


partners = Partners()


def check_database(database):
    if database != DATABASE:
        raise RuntimeError('connection to server failed: FATAL:  database "%s" does not exist' % database)


def common(method, params):
    if method == "version":
        return {
            "server_version": "17.0",
            "server_version_info": [17, 0, 0, "final", 0, ""],
            "server_serie": "17.0",
            "protocol_version": 1,
        }
    if method in ("authenticate", "login"):
        database, user, password = params[:3]
        check_database(database)
        return UID if (user, password) == (USER, PASSWORD) else False
    raise NameError("Method not found: %s" % method)


def models(method, params):
    if method not in ("execute_kw", "execute"):
        raise NameError("Method not available %s" % method)
    database, uid, password, model, name, *rest = params
    check_database(database)
    if (uid, password) != (UID, PASSWORD):
        raise Failure(ACCESS_DENIED, "Access Denied")
    if model != "res.partner":
        raise Failure(REFUSED, "Object %s doesn't exist" % model)
    args, keywords = (rest, {}) if method == "execute" else (rest[0], rest[1] if len(rest) > 1 else {})
    if name.startswith("_"):
        raise Failure(ACCESS_ERROR, "Private methods (such as %r) cannot be called remotely." % name)
    return getattr(partners, name)(*args, **keywords)


def service(function):
    def answer(method, params, _headers):
        try:
            return function(method, params)
        except Failure:
            raise
        except Exception:
            raise Failure(OTHER, traceback.format_exc())

    return answer


serve("Odoo", {"/xmlrpc/2/common": service(common), "/xmlrpc/2/object": service(models)}, PythonXml())
