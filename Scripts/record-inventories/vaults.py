#!/usr/bin/env python3
"""Records what ansible-vault 2.19 encrypts: Tests/DocumentsTests/Cases/vaults.json.

Run it in a Python environment that has ansible-core 2.19. The salt is set, so that encrypting the
same anew must give the same text. What another program encrypted is checked by `--check FILE
PASSWORD`, which prints what ansible-vault decrypts.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/DocumentsTests/Cases"
TOOL = pathlib.Path(sys.executable).parent / "ansible-vault"
SALT = "0123456789abcdefghijklmnopqrstuv"

CASES = [
    ("plain", None, b"a: 1\n"),
    ("one byte", None, b"x"),
    ("fifteen", None, b"123456789012345"),
    ("sixteen", None, b"1234567890123456"),
    ("seventeen", None, b"12345678901234567"),
    ("long", None, b"line of text\n" * 100),
    ("not text", None, bytes(range(256))),
    ("schlüssel ✓", None, "ä: ö\n".encode()),
    ("labelled", "dev", b"secret: yes\n"),
    ("another label", "prod-2", b"secret: no\n"),
]


def vault(folder, password, *arguments, text=b""):
    (folder / "password").write_text(password + "\n")
    environment = dict(os.environ, ANSIBLE_VAULT_ENCRYPT_SALT=SALT)
    result = subprocess.run(
        [TOOL, *arguments], input=text, cwd=folder, env=environment, capture_output=True)
    if result.returncode != 0:
        sys.exit(result.stderr.decode())
    return result.stdout


def record(folder, password, label, plain):
    identity = f"{label}@password" if label else "password"
    (folder / "plain").write_bytes(plain)
    arguments = ["encrypt", "--vault-id", identity, "--output", "encrypted", "plain"]
    if label:
        arguments[1:1] = ["--encrypt-vault-id", label]
    vault(folder, password, *arguments)
    return {
        "password": password, "label": label, "salt": SALT,
        "plain": base64.b64encode(plain).decode(), "text": (folder / "encrypted").read_text()}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if sys.argv[1:2] == ["--check"]:
            source = pathlib.Path(sys.argv[2]).resolve()
            output = vault(folder, sys.argv[3], "decrypt", "--vault-id", "password",
                           "--output", "-", str(source))
            sys.stdout.buffer.write(output)
            return
        cases = [record(folder, *case) for case in CASES]
    (FOLDER / "vaults.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


main()
