"""`python -m assistant` is `raadsgeheugen`; what takes long to load is loaded where Ctrl-C is heard."""

from __future__ import annotations

from assistant.cli.interruption import leave


def start() -> None:
    """Run the command with the arguments of the process."""
    try:
        from assistant.cli.commands import main as run_command

        run_command()
    except KeyboardInterrupt:
        leave()


if __name__ == "__main__":
    start()
