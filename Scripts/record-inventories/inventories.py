#!/usr/bin/env python3
"""Records what ansible-inventory 2.19 makes of Tests/InventoriesTests/Cases.

Run it in a Python environment that has ansible-core 2.19 and tomli-w. Arguments are names of cases
or topics; without any, what changed since it was recorded is recorded anew (`--all`: everything).

A case is a folder, recorded in its expected.json, or a part of a topic NAME.txt, recorded in
NAME.json. A topic's cases begin with `=== name`, and their files with `--- path`; a file that begins
with `#!` is executable. What stands in a topic before the first case is a remark.

Files with a meaning: `sources` has the values of -i, one a line (else it is `hosts`);
`vault-password`; `patterns`, a host pattern a line; `also`, other arguments of ansible-inventory,
a set of them a line; `environment`, NAME=VALUE lines. `=== name (refused)` says that orchestrate
refuses on purpose what Ansible takes, `(taken)` the other way round.

Recorded are `--list`, `--list --export`, `--graph --vars` and `--host` of up to three hosts; null
where Ansible refuses the inventory. The program runs in forks of this one, which has it in memory.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

os.environ.update(
    ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true", ANSIBLE_NOCOLOR="1",
    ANSIBLE_DEPRECATION_WARNINGS="0", ANSIBLE_LOCALHOST_WARNING="0")

import ansible.utils.context_objects as context_objects  # noqa: E402
import tomllib  # noqa: E402
import yaml  # noqa: E402
from ansible.cli.adhoc import AdHocCLI  # noqa: E402
from ansible.cli.inventory import InventoryCLI  # noqa: E402
from ansible.parsing.vault import VaultSecretsContext  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/InventoriesTests/Cases"
TOOLS = pathlib.Path(sys.executable).parent
SPECIAL = {"sources", "patterns", "also", "environment"}


def run(folder, program, arguments, environment):
    """The exit status and the output of one of Ansible's programs."""
    if environment:
        # Settings are read when the program is loaded: it must be loaded anew.
        result = subprocess.run(
            [TOOLS / program, *arguments], cwd=folder, capture_output=True, text=True,
            env=dict(os.environ, **environment))
        return result.returncode, result.stdout
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            status = 250
            try:
                os.chdir(folder)
                os.dup2(output.fileno(), 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                kind = InventoryCLI if program == "ansible-inventory" else AdHocCLI
                # What a run makes once a process was made when the plugins were loaded.
                context_objects.GlobalCLIArgs._Singleton__instance = None
                VaultSecretsContext._current = None
                status = 0
                kind.cli_executor([program, *arguments])
            except SystemExit as exit:
                status = exit.code or 0
            finally:
                sys.stdout.flush()
                os._exit(status)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return os.waitstatus_to_exitcode(status), output.read().decode()


def record(folder, special):
    base = []
    for source in special.get("sources", "hosts").splitlines():
        base += ["-i", source]
    if (folder / "vault-password").exists():
        base += ["--vault-password-file", "vault-password"]
    environment = dict(line.split("=", 1) for line in special.get("environment", "").splitlines())

    def inventory(*arguments):
        return run(folder, "ansible-inventory", base + list(arguments), environment)

    status, listed = inventory("--list")
    if status != 0:
        return None
    listed = json.loads(listed)
    result = {"list": listed, "export": json.loads(inventory("--list", "--export")[1])}
    result["graph"] = inventory("--graph", "--vars")[1]
    hosts = sorted(host for group in listed.values() for host in group.get("hosts", []))
    chosen = list(dict.fromkeys(hosts))
    chosen = [chosen[i] for i in sorted({0, len(chosen) // 2, len(chosen) - 1})] if chosen else []
    # An option's value can't begin with a dash.
    result["hosts"] = {
        host: parsed(*inventory("--host=" + host), "--host") for host in chosen}
    also = [line for line in special.get("also", "").splitlines() if line]
    if also:
        result["also"] = {line: parsed(*inventory(*line.split()), line) for line in also}
    patterns = special.get("patterns", "").splitlines()
    if patterns:
        result["patterns"] = [
            [line, matches(run(folder, "ansible", base + ["--list-hosts", "--", line],
                               environment)[1])] for line in patterns]
    return result


class Loader(yaml.SafeLoader):
    """YAML with Ansible's tags."""


Loader.add_constructor(
    "!vault", lambda loader, node: {"__ansible_vault": loader.construct_scalar(node)})


def parsed(status, text, arguments):
    """The data that a command says, or its text where that is none; null where it refuses."""
    if status != 0:
        return None
    if "--graph" in arguments:
        return text
    if "--toml" in arguments:
        return plain(tomllib.loads(text))
    if "--yaml" in arguments:
        return plain(yaml.load(text, Loader))
    return json.loads(text)


def plain(value):
    """The value with dates as text, as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def matches(output):
    # With `--limit` nothing would be sorted or warned about; `--list-hosts` names them in order.
    return [line.strip() for line in output.splitlines()[1:]]


# Cases


def topic_cases(text):
    """The cases of a topic: their names, and their files."""
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        name = title.split()[0]
        files = {}
        for piece in re.split(r"^--- ", body, flags=re.MULTILINE)[1:]:
            path, _, content = piece.partition("\n")
            files[path.strip()] = content
        yield name, files, hashlib.sha256(body.encode()).hexdigest()[:12]


def record_topic_case(files):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        for path, content in files.items():
            if path in SPECIAL:
                continue
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
            if content.startswith("#!"):
                file.chmod(0o755)
        return record(folder, files)


def record_topic(path, everything, names):
    record_path = path.with_suffix(".json")
    known = json.loads(record_path.read_text()) if record_path.exists() else {}
    new = {}
    for name, files, digest in topic_cases(path.read_text()):
        if name in new:
            sys.exit(f"{path.name}: there are two cases {name}")
        old = known.get(name)
        if old and old["digest"] == digest and not everything and name not in names:
            new[name] = old
        else:
            new[name] = {"digest": digest, "result": record_topic_case(files)}
    lines = [
        f" {json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}"
        for name, entry in new.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if not record_path.exists() or record_path.read_text() != text:
        record_path.write_text(text)
    return len(new)


def record_folder(path, everything, names):
    output = path / "expected.json"
    if output.exists() and not everything and path.name not in names:
        return 1
    special = {
        name: (path / f"{name}.txt").read_text() for name in SPECIAL
        if (path / f"{name}.txt").exists()}
    text = json.dumps(record(path, special), indent=1, ensure_ascii=False) + "\n"
    output.write_text(text)
    return 1


def load_plugins():
    """Runs the program once in this process, so that forks have its plugins in memory."""
    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        InventoryCLI.cli_executor(["ansible-inventory", "-i", "a,", "--list", "--yaml"])
    except SystemExit:
        pass
    sys.stdout.flush()
    os.dup2(output, 1)


def main():
    everything = "--all" in sys.argv
    names = set(sys.argv[1:]) - {"--all"}
    folders = [path for path in sorted(FOLDER.iterdir()) if path.is_dir()]
    topics = sorted(FOLDER.glob("*.txt"))
    load_plugins()
    count = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(record_folder, path, everything, names) for path in folders]
        jobs += [
            pool.submit(record_topic, path, everything or path.stem in names, names)
            for path in topics]
        for job in jobs:
            count += job.result()
    print(f"{count} cases")


main()
