"""Imitates WordPress 6 at `/xmlrpc.php`: https://developer.wordpress.org/apis/xml-rpc/ and
https://codex.wordpress.org/XML-RPC_WordPress_API

The user is `ada`, the password `secret`. Identifiers are numbers in strings. Dates have no zone. PHP writes an empty
struct as an empty array, for example a post's thumbnail that does not exist.
"""

import datetime
import itertools

from imitation import Failure, Xml, serve

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404

NOW = datetime.datetime(2024, 5, 6, 7, 8, 9)
THEN = datetime.datetime(2024, 1, 2, 3, 4, 5)
SITE = "http://localhost"


class IxrXml(Xml):
    """The form of WordPress's own library."""

    def content(self, it):
        return "<string></string>" if it is None else super().content(it)

    def struct(self, members):
        if not members:
            return self.array([])
        lines = ["  <member><name>%s</name>%s</member>\n" % (name, self.value(it)) for name, it in members.items()]
        return "<struct>\n%s</struct>" % "".join(lines)

    def array(self, elements):
        return "<array><data>\n%s</data></array>" % "".join("  %s\n" % self.value(it) for it in elements)

    def response(self, it):
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n  <params>\n    <param>\n      <value>\n      '
            "%s\n      </value>\n    </param>\n  </params>\n</methodResponse>\n"
        ) % self.content(it)

    def fault(self, code, message):
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n  <fault>\n    %s\n  </fault>\n'
            "</methodResponse>\n"
        ) % self.value({"faultCode": code, "faultString": message})


numbers = itertools.count(20)

TERMS = [
    {
        "term_id": "1", "name": "Uncategorized", "slug": "uncategorized", "term_group": "0", "term_taxonomy_id": "1",
        "taxonomy": "category", "description": "", "parent": "0", "count": 1, "filter": "raw", "custom_fields": [],
    },
    {
        "term_id": "4", "name": "R&D", "slug": "rd", "term_group": "0", "term_taxonomy_id": "4",
        "taxonomy": "category", "description": "", "parent": "1", "count": 0, "filter": "raw", "custom_fields": [],
    },
]
ADA = {
    "user_id": "2", "username": "ada", "first_name": "Ada", "last_name": "Lovelace", "registered": THEN, "bio": "",
    "email": "ada@example.com", "nickname": "ada", "nicename": "ada", "url": "", "display_name": "Ada Lovelace",
    "roles": ["author"],
}
OPTIONS = {
    "software_name": {"desc": "Software Name", "readonly": True, "value": "WordPress"},
    "software_version": {"desc": "Software Version", "readonly": True, "value": "6.1.9"},
    "blog_url": {"desc": "WordPress Address (URL)", "readonly": True, "value": SITE},
    "blog_title": {"desc": "Site Title", "readonly": False, "value": "Engines &amp; more"},
    "time_zone": {"desc": "Time Zone", "readonly": False, "value": "0"},
}


def post(number, title, content, status="publish", **other):
    return {
        "post_id": str(number), "post_title": title, "post_date": THEN, "post_date_gmt": THEN, "post_modified": THEN,
        "post_modified_gmt": THEN, "post_status": status, "post_type": "post", "post_name": "", "post_author": "2",
        "post_password": "", "post_excerpt": "", "post_content": content, "post_parent": "0", "post_mime_type": "",
        "link": "%s/?p=%d" % (SITE, number), "guid": "%s/?p=%d" % (SITE, number), "menu_order": 0,
        "comment_status": "open", "ping_status": "open", "sticky": False, "post_thumbnail": {},
        "post_format": "standard", "terms": [TERMS[0]], "custom_fields": [], **other,
    }


posts = {
    1: post(1, "Hello world!", "<!-- wp:paragraph -->\n<p>Welcome.</p>\n<!-- /wp:paragraph -->", post_name="hello"),
    5: post(5, "Notes on the Engine", "", "draft"),
}
media = {}
comments = {
    1: {
        "date_created_gmt": THEN, "user_id": "0", "comment_id": "1", "parent": "0", "status": "approve",
        "content": "Nice <b>post</b>", "link": SITE + "/?p=1#comment-1", "post_id": "1", "post_title": "Hello world!",
        "author": "A WordPress Commenter", "author_url": "https://wordpress.org/", "author_email": "w@example.com",
        "author_ip": "", "type": "comment",
    }
}


def find(number):
    it = posts.get(int(number))
    if it is None:
        raise Failure(NOT_FOUND, "Invalid post ID.")
    return it


def selected(it, fields):
    """Obeys the parameter `fields`: names of fields, or `post`, `terms` and `custom_fields`."""
    if not fields or "post" in fields:
        return it
    return {name: value for name, value in it.items() if name in fields or name == "post_id"}


def get_posts(wanted=None, fields=None):
    wanted = wanted or {}
    found = [it for it in posts.values() if it["post_type"] == wanted.get("post_type", "post")]
    status = wanted.get("post_status")
    found = [it for it in found if status is None or it["post_status"] in (status if isinstance(status, list) else [status])]
    found.sort(key=lambda it: (it["post_date"], int(it["post_id"])), reverse=wanted.get("order", "DESC") == "DESC")
    offset = wanted.get("offset", 0)
    return [selected(it, fields) for it in found[offset:][: wanted.get("number", 10)]]


def insert(number, content):
    for name in content:
        if name not in posts[1] and name not in ("terms_names", "post_thumbnail"):
            raise Failure(BAD_REQUEST, "Unknown field %s" % name)
    it = posts.get(number) or post(
        number, "", "", "draft", post_date=NOW, post_date_gmt=NOW, comment_status="closed"
    )
    it.update({name: value for name, value in content.items() if name not in ("terms", "terms_names", "post_thumbnail")})
    for taxonomy, names in content.get("terms_names", {}).items():
        it["terms"] = [term(taxonomy, name) for name in names]
    if "post_thumbnail" in content:
        if str(content["post_thumbnail"]) not in media:
            raise Failure(NOT_FOUND, "Invalid attachment ID.")
        it["post_thumbnail"] = media[str(content["post_thumbnail"])]
    it["post_modified"] = it["post_modified_gmt"] = NOW
    posts[number] = it
    return str(number)


def new_post(content):
    if not any(content.get(name) for name in ("post_title", "post_content", "post_excerpt")):
        raise Failure(500, "Content, title, and excerpt are empty.")
    return insert(next(numbers), content)


def edit_post(number, content):
    find(number)
    insert(int(number), content)
    return True


def delete_post(number):
    it = find(number)
    if it["post_status"] == "trash":
        del posts[int(number)]
    it["post_status"] = "trash"
    return True


def term(taxonomy, name):
    for it in TERMS:
        if (it["taxonomy"], it["name"]) == (taxonomy, name):
            return it
    number = str(next(numbers))
    new = {**TERMS[0], "term_id": number, "term_taxonomy_id": number, "name": name, "slug": name.lower()}
    TERMS.append({**new, "taxonomy": taxonomy, "count": 1})
    return TERMS[-1]


def get_terms(taxonomy, _filter=None):
    if taxonomy not in ("category", "post_tag", "post_format"):
        raise Failure(FORBIDDEN, "Invalid taxonomy.")
    return [it for it in TERMS if it["taxonomy"] == taxonomy]


def upload(file):
    if not file["name"].lower().endswith((".png", ".jpg", ".gif", ".txt")):
        raise Failure(500, "Sorry, you are not allowed to upload this file type.")
    number = str(next(numbers))
    url = "%s/wp-content/uploads/2024/05/%s" % (SITE, file["name"])
    media[number] = {
        "attachment_id": number, "date_created_gmt": NOW, "parent": 0, "link": url, "title": file["name"],
        "caption": "", "description": "", "metadata": {"width": 1, "height": 1, "filesize": len(file["bits"])},
        "type": file["type"], "alt": "", "thumbnail": url,
    }
    return {**media[number], "id": number, "file": file["name"], "url": url, "type": file["type"]}


def new_comment(number, comment):
    it, new = find(number), next(numbers)
    if it["comment_status"] != "open":
        raise Failure(FORBIDDEN, "Sorry, comments are closed for this item.")
    if not comment.get("content"):
        raise Failure(FORBIDDEN, "Comment is required.")
    comments[new] = {
        **comments[1], "date_created_gmt": NOW, "user_id": "2", "comment_id": str(new), "post_id": str(number),
        "post_title": it["post_title"], "author": ADA["display_name"], "content": comment["content"],
        "parent": str(comment.get("comment_parent", 0)),
    }
    return new


def get_comments(wanted):
    number, status = str(wanted.get("post_id", "")), wanted.get("status")
    return [
        it for it in comments.values()
        if number in ("", "0", it["post_id"]) and status in (None, "", it["status"])
    ][: wanted.get("number", 10)]


def delete_comment(number):
    if comments.pop(int(number), None) is None:
        raise Failure(NOT_FOUND, "Invalid comment ID.")
    return True


def comment_count(number):
    total = sum(it["post_id"] == str(number) for it in comments.values())
    return {"approved": total, "awaiting_moderation": 0, "spam": 0, "total_comments": total}


METHODS = {
    "wp.getPosts": get_posts,
    "wp.getPost": lambda number, fields=None: selected(find(number), fields),
    "wp.newPost": new_post,
    "wp.editPost": edit_post,
    "wp.deletePost": delete_post,
    "wp.getTerms": get_terms,
    "wp.getProfile": lambda fields=None: ADA,
    "wp.getOptions": lambda names=None: {name: it for name, it in OPTIONS.items() if not names or name in names},
    "wp.uploadFile": upload,
    "wp.getMediaLibrary": lambda wanted=None: list(media.values()),
    "wp.getComments": get_comments,
    "wp.newComment": new_comment,
    "wp.deleteComment": delete_comment,
    "wp.getCommentCount": comment_count,
}


def authenticate(user, password):
    if (user, password) != ("ada", "secret"):
        raise Failure(FORBIDDEN, "Incorrect username or password.")


def call(method, params, _headers):
    if method == "system.multicall":
        return [one_of_many(it["methodName"], it["params"]) for it in params[0]]
    if method == "system.listMethods":
        return ["system.multicall", "system.listMethods", "demo.sayHello", "wp.getUsersBlogs", *METHODS]
    if method == "wp.getUsersBlogs":
        authenticate(*params[:2])
        url = SITE + "/xmlrpc.php"
        return [{"isAdmin": False, "url": SITE + "/", "blogid": "1", "blogName": "Engines & more", "xmlrpc": url}]
    if method not in METHODS:
        raise Failure(-32601, "server error. requested method %s does not exist." % method)
    if len(params) < 3:
        raise Failure(BAD_REQUEST, "Insufficient arguments passed to this XML-RPC method.")
    _blog, user, password, *params = params
    authenticate(user, password)
    return METHODS[method](*params)


def one_of_many(method, params):
    try:
        return [call(method, params, None)]
    except Failure as failure:
        return {"faultCode": failure.code, "faultString": failure.message}


serve("WordPress", {"/xmlrpc.php": call}, IxrXml())
