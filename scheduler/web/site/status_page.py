"""How the program itself does, for operators: cycles, faults, letters, channels, what is installed."""

from scheduler.domain.errors import UserError
from scheduler.services.cases import letters
from scheduler.services.viewer import NotThere, Viewer
from scheduler.services.views.installation import operations as view

from . import paths
from .page import Acting, Asked, Done, Page, Shown


def _show(asked: Asked) -> Shown[view.Operations]:
    _check(asked.viewer)
    return Shown("Status", view.operations(asked.app, asked.db, asked.now))


def _again(acting: Acting) -> Done:
    _check(acting.viewer)
    number = acting.said.get("id", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise UserError("There is no such letter", "load the page again")
    letters.send_again(acting.app, [int(number)], acting.now)
    return Done(f"Letter {number} is on its way again: the same words, known by the same Message-ID.")


def _again_dead(acting: Acting) -> Done:
    _check(acting.viewer)
    done = letters.send_dead_again(acting.app, acting.now)
    again = "1 letter is on its way again." if done.due == 1 else f"{done.due} letters are on their way again."
    unsent = f" {done.over} {'stays' if done.over == 1 else 'stay'} unsent: what is told there is over."
    return Done(again + (unsent if done.over else ""))


def _cycle(acting: Acting) -> Done:
    """Whatever is done on a page lets the daemon look at once; here that is all there is to do."""
    _check(acting.viewer)
    return Done("A cycle begins now. Load this page again in a moment to see that it was completed.")


def _check(viewer: Viewer) -> None:
    """For whoever is no operator, or looks as an organisation does, there is no such page. Raises NotThere."""
    if not viewer.sees_all:
        raise NotThere


PAGE = Page(paths.STATUS, "status.html.j2", _show, {"again": _again, "again_dead": _again_dead, "cycle": _cycle})
