"""Checks that no dependency of a published crate declares a newer Rust than our rust-version."""

import json
import subprocess
import sys

metadata = json.loads(
    subprocess.check_output(["cargo", "metadata", "--format-version=1", "--locked", "--all-features"])
)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}


def number(version):
    return tuple(int(part) for part in version.split(".")[:2])


# `publish` is an empty list for crates that are not published.
pending = [id for id in metadata["workspace_members"] if packages[id]["publish"] != []]
ours = min(packages[id]["rust_version"] for id in pending)
seen = set()
while pending:
    id = pending.pop()
    if id not in seen:
        seen.add(id)
        for dependency in nodes[id]["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                pending.append(dependency["pkg"])

newer = [
    "%s %s needs Rust %s" % (package["name"], package["version"], package["rust_version"])
    for package in (packages[id] for id in sorted(seen))
    if package["rust_version"] and number(package["rust_version"]) > number(ours)
]
print("%d crates, rust-version %s" % (len(seen), ours))
sys.exit("\n".join(newer) or 0)
