#!/usr/bin/env python3
"""Records what ansible-core 2.19 makes of YAML texts: Tests/DocumentsTests/Cases/yaml.json.

Run it in a Python environment that has ansible-core 2.19. Each line of yaml.txt is one text, with
\\n and \\t in it for line breaks and tabs. A text is read below the key `v`, since Ansible takes a
text that is JSON as a whole for JSON, unless the line begins with `^`.
"""

import json
import pathlib

from ansible.parsing.dataloader import DataLoader

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/DocumentsTests/Cases"


def shown(value):
    """The value as Value.debugDescription writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(float(value) if isinstance(value, float) else int(value))
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def record(line):
    text = line.replace("\\n", "\n").replace("\\t", "\t")
    text = text[1:] if text.startswith("^") else f"v: {text}"
    try:
        return {"text": text, "value": shown(DataLoader().load(text, file_name="/x.yml"))}
    except Exception:
        return {"text": text, "value": None}


def main():
    lines = (FOLDER / "yaml.txt").read_text().splitlines()
    cases = [record(line) for line in lines if line]
    text = json.dumps(cases, indent=1, ensure_ascii=False) + "\n"
    (FOLDER / "yaml.json").write_text(text)


main()
