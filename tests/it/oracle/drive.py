"""Runs az command lines one after another in this one process, since starting az costs a second.

Every line of stdin is a request, every line of stdout its answer, both JSON:
    {"run": ["acr", "list"], "variables": {"AZURE_DEFAULTS_GROUP": "g"}}  ->  {"code", "stdout", "stderr"}
    {"options": "acr create"}  ->  {"options": [["--name", "-n"], ...]}
    {"commands": "acr"}  ->  {"commands": ["acr create", ...]}
"""

import contextlib
import json
import os
import socket
import sys
import tempfile

from azure.cli.core import get_default_cli


def resolve_registries():
    """Not every resolver knows that all names below localhost are this machine."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **options):
        is_registry = isinstance(host, str) and host.endswith(".localhost")
        return resolve("127.0.0.1" if is_registry else host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


@contextlib.contextmanager
def variables_set(variables):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def captured():
    """Redirects the descriptors themselves: az's log handlers keep the stream they saw first."""
    kept = [os.dup(1), os.dup(2)]
    files = [tempfile.TemporaryFile(), tempfile.TemporaryFile()]
    for descriptor, file in zip((1, 2), files):
        os.dup2(file.fileno(), descriptor)
    texts = []
    try:
        yield texts
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, file, original in zip((1, 2), files, kept):
            os.dup2(original, descriptor)
            os.close(original)
            file.seek(0)
            texts.append(file.read().decode())
            file.close()


def run(arguments, variables):
    with variables_set(variables), captured() as texts:
        try:
            code = get_default_cli().invoke(arguments)
        except SystemExit as end:
            code = 1 if end.code is None else end.code
        except Exception as error:  # as the interpreter ends a process
            print(error, file=sys.stderr)
            code = 1
    return {"code": code, "stdout": texts[0], "stderr": texts[1]}


def prepare(command):
    cli = get_default_cli()
    invocation = cli.invocation_cls(
        cli_ctx=cli,
        commands_loader_cls=cli.commands_loader_cls,
        parser_cls=cli.parser_cls,
        help_cls=cli.help_cls,
    )
    cli.invocation = invocation
    invocation.data["command_string"] = command
    loader = invocation.commands_loader
    loader.load_command_table(command.split())
    return loader


def commands(group):
    table = prepare(group).command_table
    return {"commands": sorted(name for name in table if name.startswith(group + " "))}


def options(command):
    loader = prepare(command)
    loader.command_name = command
    loader.load_arguments(command)
    arguments = loader.command_table[command].arguments.values()
    spellings = (argument.type.settings.get("options_list") or [] for argument in arguments)
    return {"options": [[str(word) for word in words if isinstance(word, str)] for words in spellings]}


def main():
    resolve_registries()
    requests = os.fdopen(os.dup(0))
    answers = os.fdopen(os.dup(1), "w")
    # Whatever az asks, nobody is at a terminal.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in requests:
        request = json.loads(line)
        if "run" in request:
            answer = run(request["run"], request.get("variables", {}))
        elif "commands" in request:
            answer = commands(request["commands"])
        else:
            answer = options(request["options"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
