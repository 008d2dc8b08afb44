#!/usr/bin/env python3
"""Records which of two definitions of a variable wins: Tests/VariablesTests/Cases/*.json.

Run it in a Python environment that has ansible-core 2.19. For each pair of places there is a
variable that just these two define; its value is the name of the place that won.
"""

import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/VariablesTests/Cases"
TOOL = pathlib.Path(sys.executable).parent / "ansible-playbook"

LEVELS = """roleDefaults inventoryGroup inventoryGroupFolderAll playbookGroupFolderAll
inventoryGroupFolder playbookGroupFolder inventoryHost inventoryHostFolder playbookHostFolder facts
play prompts files role block task included set registered roleParameters includeParameters
extra""".split()


def pairs(places):
    return list(itertools.combinations(places, 2))


def define(place, places):
    """The variables that a place defines."""
    return {f"{a}__{b}": place for a, b in pairs(places) if place in (a, b)}


def write(folder, path, data):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(data if isinstance(data, str) else json.dumps(data, indent=1))


def report(names, path):
    shown = {name: "{{ %s }}" % name for name in names}
    return {"copy": {"content": "{{ shown | to_json }}", "dest": path}, "vars": {"shown": shown}}


def run(folder, *arguments):
    command = [TOOL, "-i", "inventory/hosts", "play/site.yml", *arguments]
    environment = dict(
        os.environ, ANSIBLE_LIBRARY=str(folder / "library"),
        ANSIBLE_PYTHON_INTERPRETER=sys.executable)
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stdout + result.stderr)


def result(folder, name):
    return json.loads((folder / name).read_text())


def save(name, data):
    (FOLDER / name).write_text(json.dumps(data, indent=1) + "\n")


def lines(variables):
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def levels(folder):
    own = {level: define(level, LEVELS) for level in LEVELS}
    # Nothing but `register` makes a result, which is a dictionary: its message counts.
    registered = [
        {"debug": {"msg": "registered"}, "register": name} for name in own["registered"]]
    write(folder, "inventory/hosts", "[g]\nh ansible_connection=local "
          + " ".join(f"{k}={v}" for k, v in own["inventoryHost"].items())
          + "\n[g:vars]\n" + lines(own["inventoryGroup"]))
    write(folder, "inventory/group_vars/all.yml", own["inventoryGroupFolderAll"])
    write(folder, "inventory/group_vars/g.yml", own["inventoryGroupFolder"])
    write(folder, "inventory/host_vars/h.yml", own["inventoryHostFolder"])
    write(folder, "play/group_vars/all.yml", own["playbookGroupFolderAll"])
    write(folder, "play/group_vars/g.yml", own["playbookGroupFolder"])
    write(folder, "play/host_vars/h.yml", own["playbookHostFolder"])
    write(folder, "play/file.yml", own["files"])
    write(folder, "play/roles/r/defaults/main.yml", own["roleDefaults"])
    write(folder, "play/roles/r/vars/main.yml", own["role"])
    write(folder, "play/roles/r/included.yml", own["included"])
    facts = json.dumps({"changed": False, "ansible_facts": own["facts"]})
    write(folder, "library/some_facts", f"#!/bin/sh\n# WANT_JSON\ncat <<'END'\n{facts}\nEND\n")
    (folder / "library/some_facts").chmod(0o755)
    write(folder, "play/roles/r/tasks/main.yml", [
        {"some_facts": {}},
        {"include_vars": {"file": "{{ role_path }}/included.yml"}},
        *registered,
        {"set_fact": own["set"]},
        {"include_tasks": "inner.yml", "vars": own["includeParameters"]},
    ])
    names = [f"{a}__{b}" for a, b in pairs(LEVELS)]
    task = report(names, str(folder / "result.json"))
    task["vars"] = {**own["task"], **task["vars"]}
    write(folder, "play/roles/r/tasks/inner.yml", [{"vars": own["block"], "block": [task]}])
    write(folder, "play/site.yml", [{
        "hosts": "h", "gather_facts": False, "vars": own["play"],
        "vars_prompt": [
            {"name": name, "prompt": "", "default": value}
            for name, value in own["prompts"].items()],
        "vars_files": ["file.yml"],
        "roles": [{"role": "r", **own["roleParameters"]}],
    }])
    run(folder, "-e", json.dumps(own["extra"]))
    winners = {
        name: "registered" if isinstance(value, dict) else value
        for name, value in result(folder, "result.json").items()}
    save("levels.json", winners)


def roles(folder):
    """Roles a (which depends on b, which depends on c) and d of a play."""
    places = [f"{role}_{kind}" for role in "abcd" for kind in ("defaults", "vars")] + ["play"]
    names = [f"{a}__{b}" for a, b in pairs(places)]
    write(folder, "inventory/hosts", "h ansible_connection=local\n")
    for role, depends in {"a": ["b"], "b": ["c"], "c": [], "d": []}.items():
        write(folder, f"play/roles/{role}/defaults/main.yml", define(f"{role}_defaults", places))
        write(folder, f"play/roles/{role}/vars/main.yml", define(f"{role}_vars", places))
        write(folder, f"play/roles/{role}/meta/main.yml", {"dependencies": depends})
        write(folder, f"play/roles/{role}/tasks/main.yml",
              [report(names, str(folder / f"{role}.json"))])
    write(folder, "play/site.yml", [{
        "hosts": "h", "gather_facts": False, "vars": define("play", places),
        "roles": ["a", "d"], "tasks": [report(names, str(folder / "play.json"))]}])
    run(folder)
    save("roles.json", {name: result(folder, f"{name}.json") for name in
                        ("a", "b", "c", "d", "play")})


def main():
    for record in (levels, roles):
        with tempfile.TemporaryDirectory() as folder:
            record(pathlib.Path(folder).resolve())


main()
