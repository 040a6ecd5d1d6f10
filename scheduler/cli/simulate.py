"""`cadence simulate`: what would be told to whom, were nothing reported from now on."""

import itertools
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list

if TYPE_CHECKING:
    from scheduler.services.previews.simulation import ForeseenLetter


@click.command(epilog="For example: cadence simulate --until 2027-06-30 --person tom.reyes@globex.example")
@click.option("--until", type=params.Day(calendars=True), required=True, help="The last day.")
@params.partnership
@click.option("--person", type=params.NameParam(), metavar="ADDRESS", help="Only the letters to this mail address.")
@as_json
@click.pass_obj
def simulate(context: Context, until: date, partnership: str | None, person: str | None, as_json: bool) -> None:
    """Show the letters that would go out until a day, were nothing reported, closed or decided from now on.

    It follows what is on record, and the files that the next cycle will take up; it changes nothing. Invitations are
    not part of it: cadence plan shows who would hear of which review. Nor are the letters of a health check, whose
    rounds cadence health show tells.
    """
    from scheduler.render.wording import counted
    from scheduler.services.previews.simulation import foreseen

    end = datetime.combine(until, time.max, context.now.tzinfo)
    with context.app() as app:
        letters, fresh = foreseen(app, partnership, context.now, end)
    chosen = [each for each in letters if person is None or each.email == person.casefold()]
    if as_json:
        print_json_list(_as_dict(each) for each in chosen)
        return
    for day, of_day in itertools.groupby(chosen, key=_day):
        click.echo(f"{day:%a} {day}")
        for each in of_day:
            _print(each)
    for id in fresh:
        click.echo(f"{id} is not under governance yet: this is what the next cycle will begin.", err=True)
    readers = len({each.email for each in chosen})
    people = "1 person" if readers == 1 else f"{readers} people"
    click.echo(f"{counted(len(chosen), 'letter')} to {people} until {until}, were nothing reported.")


def _day(letter: "ForeseenLetter") -> date:
    return letter.at.astimezone(ZoneInfo(letter.zone)).date()


def _print(letter: "ForeseenLetter") -> None:
    at = letter.at.astimezone(ZoneInfo(letter.zone))
    click.echo(f"  {at:%H:%M}  {plain(letter.email)}  {plain(letter.subject)}")
    for matter in letter.digest.matters if len(letter.digest.matters) > 1 else ():
        state = f" ({matter.state})" if matter.state else ""
        click.echo(f"           - {plain(matter.title)}{state}")


def _as_dict(letter: "ForeseenLetter") -> formats.Object:
    return {
        "at": letter.at,
        "zone": letter.zone,
        "to": letter.email,
        "name": letter.digest.reader,
        "subject": letter.subject,
        "matters": [
            {"partnership": chapter.partnership, "title": matter.title, "state": matter.state or None}
            for chapter in letter.digest.chapters
            for matter in chapter.matters
        ],
    }
