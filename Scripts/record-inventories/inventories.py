#!/usr/bin/env python3
"""Records what ansible-inventory 2.19 makes of Tests/InventoriesTests/Cases.

Run it in a Python environment that has ansible-core 2.19. In each case's folder it writes
expected.json: null where Ansible refuses the inventory, else the variables of each host and the
hosts and children of each group. Where there is a patterns.txt it also writes patterns.json: the
hosts that each line's pattern means, in order.

The sources are the lines of sources.txt, or the file `hosts`; vault-password is the password file.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/InventoriesTests/Cases"
TOOLS = pathlib.Path(sys.executable).parent


def run(case, tool, *arguments):
    listed = case / "sources.txt"
    sources = listed.read_text().splitlines() if listed.exists() else ["hosts"]
    command = [TOOLS / tool]
    for source in sources:
        command += ["-i", source]
    if (case / "vault-password").exists():
        command += ["--vault-password-file", "vault-password"]
    environment = dict(os.environ, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true")
    return subprocess.run(
        command + list(arguments), cwd=case, env=environment, capture_output=True, text=True)


def record(case):
    result = run(case, "ansible-inventory", "--list")
    expected = None
    if result.returncode == 0:
        answer = json.loads(result.stdout)
        hosts = plain(answer.pop("_meta")["hostvars"])
        expected = {"hostvars": hosts, "groups": answer}
    write(case / "expected.json", expected)
    if (case / "patterns.txt").exists():
        patterns = (case / "patterns.txt").read_text().splitlines()
        write(case / "patterns.json", [[line, matches(case, line)] for line in patterns])


def plain(value):
    if isinstance(value, dict):
        if list(value) == ["__ansible_unsafe"]:
            return value["__ansible_unsafe"]
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def matches(case, pattern):
    # With `--limit` nothing would be sorted or warned about; `--list-hosts` names them in order.
    result = run(case, "ansible", "--list-hosts", "--", pattern)
    lines = result.stdout.splitlines()
    return [line.strip() for line in lines[1:]]


def write(path, data):
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def main():
    names = sys.argv[1:]
    cases = [path for path in sorted(FOLDER.iterdir()) if not names or path.name in names]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(record, cases))


main()
