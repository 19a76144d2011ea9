"""The trials in full, each of which prints a table.

    python -m tests.trials readers [--trials 100] [--letters 1000] [--coming 300]
    python -m tests.trials kills [--trials 40] [--letters 300] [--at-writes]
    python -m tests.trials damage [--letters 60]

`--at-writes` kills at each write of Chroma instead of at random moments. `--checkout FOLDER` tries the program in another checkout. Exit status 1 says that there were faults.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.trials import damage, kills, readers
from tests.trials.kills import Job, Kill, Victim
from tests.trials.program import Commands, Program, lines_of
from tests.trials.visitor import Reply


def main() -> int:
    """Run the trials that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials")
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, (run, trials, letters) in _KINDS.items():
        own = kinds.add_parser(kind)
        own.set_defaults(run=run)
        own.add_argument("--checkout", type=Path, help="try the program of this checkout")
        own.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
        own.add_argument("--trials", type=int, default=trials)
        own.add_argument("--letters", type=int, default=letters)
        own.add_argument("--seed", type=int, default=14)
        if kind == "readers":
            own.add_argument("--coming", type=int, default=300)
        elif kind == "kills":
            own.add_argument("--at-writes", action="store_true")
    options = parser.parse_args()
    program = Program(options.checkout.resolve()) if options.checkout else Program()
    folder = Path(tempfile.mkdtemp(prefix="trials-", dir=options.folder))
    try:
        with Commands(program) as commands:
            return int(options.run(program, commands, folder, options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _readers(program: Program, commands: Commands, folder: Path, options: argparse.Namespace) -> int:
    setting = readers.prepare(program, commands, folder, options.letters, options.coming)
    rows, replies, faulty = [], Counter[Reply](), 0
    for number in range(1, options.trials + 1):
        (trial,) = readers.try_readers(setting, commands, folder / "trial")
        replies += trial.replies
        faulty += bool(trial.faults)
        counts = [trial.replies[reply] for reply in Reply]
        asked = f"{sum(ran.code == 0 for ran in trial.asked)}/{len(trial.asked)}"
        rows.append([number, f"{trial.seconds:.1f}", *counts, asked, "; ".join(dict.fromkeys(trial.faults))[:300]])
        print(f"trial {number}: {rows[-1][2:]}", file=sys.stderr)
    columns = ["trial", "ingest, s", *(reply.value for reply in Reply), "ask", "faults"]
    print("\n".join(lines_of(rows, columns)))
    total = ", ".join(f"{replies[reply]} {reply.value}" for reply in Reply)
    print(f"\n{options.trials} trials, {faulty} with faults; questions: {total}")
    return int(faulty > 0)


VICTIMS = (
    (Job.ADD, Victim.JOB), (Job.ADD, Victim.CHAT), (Job.PRUNE, Victim.JOB), (Job.ADD, Victim.CHILD),
    (Job.REPLACE, Victim.JOB), (Job.REEMBED, Victim.JOB), (Job.PRUNE, Victim.CHILD), (Job.REPLACE, Victim.CHAT),
)  # fmt: skip
"""What is done, and who is killed, in turn."""


def _kills(program: Program, commands: Commands, folder: Path, options: argparse.Namespace) -> int:
    scenes = kills.scenes(program, commands, folder, options.letters, list(Job))
    chosen, tried = random.Random(options.seed), []
    if options.at_writes:
        made = [kills.try_kill_at(program, commands, *case, folder) for case in _at_writes(program, scenes, folder)]
        return _print_kills(made)
    for job, victim in itertools.islice(itertools.cycle(VICTIMS), options.trials):
        tried.append(kills.try_kill(program, commands, scenes[job], victim, chosen, folder))
        print(tried[-1], file=sys.stderr)
    return _print_kills(tried)


def _at_writes(program: Program, scenes: dict[Job, kills.Scene], folder: Path) -> Iterator[tuple[kills.Scene, str]]:
    """Give every write of every job, as the moment of a kill."""
    for scene in scenes.values():
        for number in range(1, len(kills.writes_of(program, scene, folder)) + 1):
            for whom in ("all", "self"):
                yield scene, f"after {number} {whom}"


def _print_kills(tried: Sequence[Kill]) -> int:
    rows = [
        [
            number,
            kill.job,
            kill.victim,
            kill.moment,
            "yes" if kill.hit else "no",
            kill.ended[:80],
            "; ".join(kill.faults)[:300],
        ]
        for number, kill in enumerate(tried, 1)
    ]
    print("\n".join(lines_of(rows, ["kill", "job", "victim", "moment", "hit", "ended", "faults"])))
    faulty, hit = sum(bool(kill.faults) for kill in tried), sum(kill.hit for kill in tried)
    print(f"\n{len(tried)} kills, {hit} hit, {faulty} with faults")
    return int(faulty > 0)


def _damage(program: Program, commands: Commands, folder: Path, options: argparse.Namespace) -> int:
    whole, chosen = damage.prepare(program, commands, folder, options.letters), random.Random(options.seed)
    tried = []
    cases = damage.cases(whole.data, chosen)
    for case in cases if options.trials is None else chosen.sample(cases, options.trials):
        tried.append(damage.try_damage(program, commands, whole, case, chosen, folder))
        print(tried[-1], file=sys.stderr)
    print(
        "\n".join(
            lines_of(damage.table_of(tried), ["file", "damage", "said", "equal", "verify", "mended by", "faults"])
        )
    )
    faulty = sum(bool(row.faults) for row in tried)
    print(f"\n{len({row.file for row in tried})} files, {len(tried)} ways damaged, {faulty} with faults")
    return int(faulty > 0)


_KINDS = {"readers": (_readers, 100, 1000), "kills": (_kills, 40, 300), "damage": (_damage, None, 60)}

if __name__ == "__main__":
    sys.exit(main())
