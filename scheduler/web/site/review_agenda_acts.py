"""What is done with the agenda of a review on its page: items, files to be read before, and the words of it."""

from collections.abc import Callable, Mapping

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.languages import say, sentence
from scheduler.rules import permissions
from scheduler.rules.access import Audience, may_learn
from scheduler.services.cases import agenda_edits, agenda_items, pre_reads
from scheduler.services.competition import counsel_at, guard_at
from scheduler.services.viewer import NotThere
from scheduler.store import pre_reads as pre_reads_store
from scheduler.web.forms.lifecycle import Wrong
from scheduler.web.forms.topics import topic_said

from . import paths
from .page import Acting, Done
from .review_acts import ReviewActedOn, acted_on


def _add(acting: Acting) -> Done:
    review = acted_on(acting, None)
    counsel = counsel_at(acting.app, review.partnership, review.record)
    acting.check(
        review.partnership, permissions.who_adds(review.record.review, counsel), "add to the agenda of this review"
    )
    if review.person is None:
        raise permissions.NotPermitted(
            sentence("An item stands under the name of who adds it"), sentence("only who is invited adds one")
        )
    minutes = acting.said.get("length", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 4):
        raise Wrong(
            "length", InvalidValue(sentence("This is no number of minutes"), sentence("write 15, or leave it out"))
        )
    says, length = acting.said.get("item", ""), int(minutes) if minutes else None
    guard = guard_at(acting.app, review.partnership, review.record)
    topic = topic_said(guard, review.person, acting.said, says)
    try:
        agenda_items.add(acting.app, review.record.id, says, length, review.person, acting.now, topic=topic)
    except UserError as fault:
        raise Wrong("item", fault) from None
    return Done(lambda: say("Your item is on the agenda."))


def _drop(acting: Acting) -> Done:
    review, item = acted_on(acting, None), acting.said.get("item_id", "")
    if not item.startswith(f"{review.record.id}+"):
        raise NotThere
    if review.person is None:
        raise permissions.NotPermitted(
            sentence("An item is dropped by who added it"), sentence("or by the chair, or who owns the agenda")
        )
    agenda_items.drop(acting.app, item, None, review.person, acting.now)
    return Done(lambda: say("The item is on the agenda no more."))


def _give(acting: Acting) -> Done:
    review = acted_on(acting, None)
    may = permissions.who_answers(review.record.review, review.partnership)
    acting.check(review.partnership, may, "give a file to this review")
    organisation = _own_side(acting, review, acting.said.get("for_side", ""))
    content = acting.said.get("pre_read", "")
    if "pre_read_name" not in acting.said:
        raise Wrong("pre_read", InvalidValue(sentence("There is no file yet"), sentence("choose one")))
    name = acting.said["pre_read_name"]
    try:
        file = pre_reads.give(
            acting.app, review.record.id, organisation, name, content.encode("latin-1"), review.person, acting.now
        )
    except UserError as fault:
        raise Wrong("pre_read", fault) from None
    return Done(lambda: say("%(file)s is there to be read before.", file=file.name))


def _take_back(acting: Acting) -> Done:
    review, id = acted_on(acting, None), acting.said.get("file_id", "")
    with acting.app.store.read() as db:
        found = next((each for each in pre_reads_store.of_review(db, review.record.id) if each.id == id), None)
    if found is None or not may_learn(found.audience, acting.viewer.audience(review.partnership.partnership)):
        raise NotThere
    if found.by is None or found.by != review.person:
        acting.check(review.partnership, permissions.who_runs(review.record.review, review.partnership), "take it back")
    pre_reads.take_back(acting.app, id, acting.now)
    return Done(lambda: say("%(file)s is there no more.", file=found.name))


def _own_side(acting: Acting, review: ReviewActedOn, asked: str) -> str | None:
    """The organisation that alone may read what is given, where that is asked for: one's own; of an operator any."""
    audience = acting.viewer.audience(review.partnership.partnership)
    if not asked:
        return None
    if asked not in review.partnership.organisations or not may_learn(asked, audience):
        raise NotThere
    return asked


def _edit(acting: Acting) -> Done:
    review, organisation = _edited(acting)
    upon = acting.said.get("version", "")
    if not (upon.isascii() and upon.isdigit() and len(upon) < 9):
        raise Wrong(
            "text",
            InvalidValue(
                sentence("The form does not say which agenda it was made of"), sentence("load the page again")
            ),
        )
    number = int(upon)
    try:
        made = agenda_edits.edit(
            acting.app, review.record.id, organisation, acting.said.get("text", ""), number, review.person, acting.now
        )
    except UserError as fault:
        raise Wrong("text", fault) from None

    def told() -> str:
        words = say("The agenda is kept.") if made.is_new else say("Nothing was changed.")
        joined = say("Somebody else had edited it meanwhile: both edits are in it, so look it through.")
        return f"{words} {joined}" if made.was_joined else words

    return Done(told, f"{paths.review(review.record.id)}#agenda")


def _begin_anew(acting: Acting) -> Done:
    review, organisation = _edited(acting)
    agenda_edits.begin_anew(acting.app, review.record.id, organisation, review.person, acting.now)
    return Done(
        lambda: say("The agenda is as its template has it. What it was before is kept."),
        f"{paths.review(review.record.id)}#agenda",
    )


def _edited(acting: Acting) -> tuple[ReviewActedOn, str | None]:
    """The review, and whose agenda of it is edited: only a side itself and operators edit its internal brief."""
    review, organisation = acted_on(acting, None), acting.said.get("of") or None
    counsel = counsel_at(acting.app, review.partnership, review.record)
    may = permissions.who_edits(review.record.review, review.partnership, organisation, counsel)
    acting.check(review.partnership, may, "edit the agenda of this review")
    audience = acting.viewer.audience(review.partnership.partnership)
    if organisation is not None and not audience.sees_all and audience != Audience(organisation):
        raise NotThere
    return review, organisation


ACTS: Mapping[str, Callable[[Acting], Done]] = {
    "add": _add,
    "drop": _drop,
    "give": _give,
    "take_back": _take_back,
    "edit": _edit,
    "begin_anew": _begin_anew,
}
