"""``rehearse conversion``: is the data of the night complete and right in the new provinces?"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import click
import msgspec

from fixtures.errors import nearest
from fixtures.reference.provinces import OldProvince, merged_into, old_provinces
from rehearsal.conversion import codes
from rehearsal.conversion.faults import KINDS_PLANTED, Planting, read_file
from rehearsal.conversion.making import RULE, SOURCE_FOLDER, TARGET_FOLDER, make_both, make_rule
from rehearsal.errors import UsageError
from rehearsal.options import RUNS_OPTION, refuse_unwritable
from rehearsal.reporting import report
from rehearsal.run_record import fresh_folder
from reports.files import indented

DOSSIERS = 100_000
EACH = 5
"""How many faults of each kind ``--planted`` plants."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("conversion")
@click.option(
    "--dossiers",
    type=click.IntRange(100, 5_000_000),
    default=DOSSIERS,
    show_default=True,
    help="how many the old systems hold",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="of all that is drawn")
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, path_type=Path),
    help="a TOML file with a line such as dossier-lost = 3 for each kind of fault to plant on the target",
)
@click.option("--planted", is_flag=True, help=f"plant {EACH} faults of each of {len(KINDS_PLANTED)} kinds")
@click.option("--source", type=_FOLDER, help="the old systems' own files, in the place of made-up ones")
@click.option("--target", type=_FOLDER, help="the new systems' own files")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="write the result here too"
)
@RUNS_OPTION
def command(
    dossiers: int,
    seed: int,
    faults: Path | None,
    planted: bool,
    source: Path | None,
    target: Path | None,
    json_file: Path | None,
    runs: Path,
) -> int:
    """Convert what 63 provinces hold into what 34 hold, and reconcile both sides.

    Counts and checksums of every province first, then every field: dossiers, attachments, results, units,
    accounts, procedures. With --planted or --faults the converter makes mistakes, and the report says whether
    all were found and none invented; such a trial speaks for no obligation.

    With --source and --target the files of real systems are reconciled: a folder for each province with six
    Arrow files; the columns are described in reports/conversion/schema.py. A folder "rule" in the source, if
    there is one, takes the place of our own tables of hamlets and procedures.

    Exit code 0 where everything is there and right, 1 where something is wrong, 3 where something could not
    be examined. With --planted or --faults: 0 where exactly the planted faults were found, 1 where not.

    \b
    Examples:
      rehearse conversion
      rehearse conversion --dossiers 1000000
      rehearse conversion --planted --seed 7
    """
    refuse_unwritable("--json", json_file)
    _check(faults, source, target, planted=planted)
    asked = read_file(faults) if faults else dict.fromkeys(KINDS_PLANTED, EACH) if planted else {}
    own_rule = source is not None and (source / RULE).is_dir()
    old = list(old_provinces()) if source is None or own_rule else _provinces(source)
    folder = fresh_folder(runs, "conversion-planted" if asked else "conversion", datetime.now().astimezone())
    (folder / "checks.json").write_bytes(msgspec.json.encode([codes.check()]))
    if source and target:
        rule = source / RULE if own_rule else make_rule(folder, old)
        files = {"source": source, "target": target, "rule": rule}
        absolute = {name: str(path.resolve()) for name, path in files.items()}
        (folder / "files.json").write_bytes(indented(absolute))
    else:
        planting = Planting(asked, sorted({each.successor for each in old}), seed)
        made = make_both(folder, old, dossiers, seed, planting)
        make_rule(folder, old)
        click.echo(f"made {dossiers:,} dossiers in {folder / SOURCE_FOLDER} and {folder / TARGET_FOLDER}")
        if asked:
            (folder / "planted.json").write_bytes(msgspec.json.encode(made))
    code = report("reports.conversion", str(folder))
    if json_file is not None and (folder / "conversion.json").exists():
        _copy(folder / "conversion.json", json_file)
    return code


def _check(faults: Path | None, source: Path | None, target: Path | None, *, planted: bool) -> None:
    if (source is None) != (target is None):
        missing, given = ("--target", "--source") if target is None else ("--source", "--target")
        raise UsageError(f"{missing}: is missing; legal is both or neither, and {given} is given")
    if planted and faults:
        raise UsageError("--planted: is given with --faults; legal is one of them")
    if source and (planted or faults):
        option = "--planted" if planted else "--faults"
        raise UsageError(f"{option}: is given with --source; faults can be planted on made-up data alone")


def _provinces(source: Path) -> list[OldProvince]:
    """The old provinces whose folders lie in the source: those of whole new provinces."""
    known = {each.code: each for each in old_provinces()}
    names = sorted(path.name for path in source.iterdir() if path.is_dir())
    if not names:
        raise UsageError(
            f"--source: {source} holds no folder; legal is one for each old province, such as 01"
        )
    problems = [
        f"--source: folder {name!r} is no old province; {nearest(name, known)}"
        for name in names
        if name not in known
    ]
    for new in sorted({known[name].successor for name in names if name in known}):
        parts = [each.code for each in merged_into(new)]
        problems += [
            f"--source: folder {code!r} is missing: province {new} was made of {', '.join(parts)}"
            for code in parts
            if code not in names
        ]
    if problems:
        raise UsageError("\n".join(problems))
    return [each for code, each in known.items() if code in names]


def _copy(path: Path, to: Path) -> None:
    try:
        shutil.copyfile(path, to)
    except OSError as error:
        raise UsageError(f"--json: {to}: cannot be written ({error.strerror})") from error
