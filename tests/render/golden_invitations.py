"""The mails of a life cycle that one can open in `golden/invitations/`, in the order in which they are sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from scheduler.domain.definition.vocabulary import Status
from scheduler.render.invitations.compose import Post
from tests.builders import a_recorded, a_review, at
from tests.render.invited import INES, PostOffice, a_pipeline, moved, shifted, tuesdays

FOLDER = Path(__file__).parent / "golden" / "invitations"
DECEMBER_15, DECEMBER_22, DECEMBER_29 = date(2026, 12, 15), date(2026, 12, 22), date(2026, 12, 29)


def files() -> dict[str, bytes]:
    """Each mail by its name; in `review-…` one review, in `series-…` a whole series."""
    found: dict[str, bytes] = {}
    for number, (step, post) in enumerate([*of_a_review(), *of_a_series()], 1):
        assert post.content is not None
        found[f"{number:02}-{step}-{post.guest.email.partition('.')[0]}.eml"] = post.content
    return found


def of_a_review() -> Iterator[tuple[str, Post]]:
    """Inès, Dev and June are invited; Inès accepts; it gets another title, is moved, loses June, and is called off."""
    unit_of_work = PostOffice()
    record = a_recorded(a_review(attendees=("ines", "dev", "june"), place="Acme Motors, Halden; room 4"))
    yield "review-invite", unit_of_work.about(record)[1]
    unit_of_work.answers = {INES: "ACCEPTED"}
    record = replace(record, review=replace(record.review, title="Pipeline review: the last of the year"))
    yield "review-describe", unit_of_work.about(record)[1]
    unit_of_work.answers = {}
    record = moved(record, at("2026-12-10 10:00"), "Dev is on the plane")
    yield "review-move", unit_of_work.about(record)[1]
    record = replace(record, review=replace(record.review, attendees=("ines", "dev")))
    uninvite, *rest = unit_of_work.about(record)
    yield "review-uninvite", uninvite
    yield "review-rest", rest[0]
    record = replace(record, status=Status.CANCELLED, sequence=2, because="the agreement ran out")
    yield "review-cancel", unit_of_work.about(record)[0]


def of_a_series() -> Iterator[tuple[str, Post]]:
    """Through both changes of Berlin's clocks: one is shifted by a day off, one moved, one skipped; then it ends."""
    unit_of_work, records, series = PostOffice(), tuesdays(45), a_pipeline()
    records[DECEMBER_29] = shifted(records[DECEMBER_29], at("2026-12-30 15:00"), "closed (Acme Motors SE)")
    yield "series-invite", unit_of_work.about_series(series, records.values())[1]
    records[DECEMBER_15] = moved(records[DECEMBER_15], at("2026-12-16 11:00"), "audit")
    yield "series-move-one", unit_of_work.about_series(series, records.values())[1]
    records[DECEMBER_22] = replace(records[DECEMBER_22], status=Status.SKIPPED, because="nobody is there")
    yield "series-cancel-one", unit_of_work.about_series(series, records.values())[1]
    yield "series-end", unit_of_work.about_the_end(series, records.values(), at("2026-12-17 09:00"))[1]
