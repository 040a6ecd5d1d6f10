"""Invitations of one partnership: what stands on record against what people were last told, as letters in the outbox.

Called in the transaction that governs the partnership, so that what is decided and what is said of it are kept
together, or not at all. Repeating it writes nothing: what people were told is remembered with the letters.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import Invited, Recurring, Told
from scheduler.domain.record.review import Recorded, Series, uid
from scheduler.render.ics.series_rule import recurring, rule_of, within
from scheduler.render.invitations.compose import Post, instance_of, posts, stamp_of, useful_until
from scheduler.render.invitations.decide_letters import (
    OFF_STATUS,
    Guest,
    Letter,
    everybody_of,
    guests_of,
    letters_of_review,
)
from scheduler.render.invitations.decide_series import Known, Occasion, ended, last_by_rule, letters_of_series
from scheduler.render.invitations.itip import Setting
from scheduler.services.app import App
from scheduler.services.state import PartnershipState, shown
from scheduler.settings import TOKEN_LENGTH
from scheduler.store import faults, invitations, outbox, rsvps
from scheduler.store.tables import LetterRow, PartnershipRow

TEMPLATE = "template:mail/invitation"
"""The fault of the operator's own template of invitations."""


_AT_ONCE = 3660
"""So many days ahead nobody waits to be invited: ten years."""


@dataclass(frozen=True)
class InvitationContext:
    """What a partnership's letters are written from: its record, whatever it invited people to, what they were
    told."""

    app: App
    db: Connection
    row: PartnershipRow
    state: PartnershipState
    known: list[Invited]
    told: dict[str, dict[tuple[str, str], Told]]

    @property
    def now(self) -> datetime:
        return self.state.now

    @property
    def records(self) -> Mapping[str, Recorded]:
        return self.state.recorded

    @property
    def partnership(self) -> Partnership:
        return self.state.partnership

    @cached_property
    def shown(self) -> PartnershipState:
        """The state with what letters show of it."""
        return shown(self.app, self.db, self.row, self.state)

    @property
    def days(self) -> int:
        return self.app.settings.mail.invite_days

    @cached_property
    def alone(self) -> frozenset[str]:
        """The reviews that people were invited to by themselves."""
        return frozenset(each.subject for each in self.known if each.recurring is None)

    @cached_property
    def everybody(self) -> dict[str, Guest]:
        return everybody_of(self.partnership)

    def link(self, record: Recorded, guest: Guest) -> str | None:
        """Where a guest can read a review's agenda."""
        return self.shown.agenda_link(record.id, self.shown.holder(guest.email))

    def answer_link(self, record: Recorded, guest: Guest) -> str | None:
        """Where a guest says whether they come."""
        holder = self.shown.holder(guest.email)
        return self.shown.answer_link(record, holder.person) if holder and holder.person else None

    def item_link(self, record: Recorded, guest: Guest) -> str | None:
        """Where a guest can add an item to a review's agenda."""
        holder = self.shown.holder(guest.email)
        return self.shown.item_link(record, holder.person) if holder and holder.person else None

    def away_link(self, guest: Guest) -> str | None:
        """Where a guest says when they are away."""
        return self.shown.away_link(self.shown.holder(guest.email))

    def organizer(self, invited: Invited) -> str:
        return self.app.settings.mail.organizer(invited.token)

    def occasion(self, invited: Invited) -> Occasion:
        guests = guests_of(invited.recurring.first, self.partnership) if invited.recurring else ()
        told: Known = self.told.get(invited.uid, {})
        before = next((each.recurring for each in self.known if each.uid == invited.uid), None)
        is_other = before and invited.recurring and before.pattern != invited.recurring.pattern
        return Occasion(
            invited,
            told,
            guests,
            self.everybody,
            self.records,
            self.alone,
            self.organizer(invited),
            self.now,
            self.days,
            before if is_other else None,
            self.last_of_its_predecessor(invited),
            before if before and invited.recurring and _ends_earlier(invited.recurring, before) else None,
        )

    def last_of_its_predecessor(self, invited: Invited) -> date | None:
        """The last day of the series that ended for this one to begin."""
        if any(each.uid == invited.uid for each in self.known):
            return None
        earlier = [each for each in self.known if each.subject == invited.subject]
        days = [each.recurring.until if each.closed else self.last_held(each) for each in earlier if each.recurring]
        return max((day for day in days if day), default=None)

    def last_held(self, invited: Invited) -> date | None:
        """The last nominal date on which a series as people know it was held; None where nothing of it was yet."""
        meetings = invited.recurring
        if meetings is None:
            return None
        found = within(meetings, self.records.values())
        early = [
            day for day, each in found.items() if each and each.is_past(self.now) and each.status not in OFF_STATUS
        ]
        return max(filter(None, (last_by_rule(meetings, self.now), *early)), default=None)


def invite(app: App, db: Connection, row: PartnershipRow, state: PartnershipState) -> int:
    """Put the letters that are due by a state, which is so on record, into the outbox; return how many. Without a
    sender there are none."""
    if app.settings.mail.sender is None:
        return 0
    told: dict[str, dict[tuple[str, str], Told]] = defaultdict(dict)
    for each in invitations.told(db, row.id):
        told[each.uid][each.instance, each.email] = each
    context = InvitationContext(app, db, row, state, invitations.of(db, row.id), told)
    current = list(_current_series(context)) if row.ended_at is None else []
    beginning = [letter for series in current for letter in letters_of_series(context.occasion(series))]
    letters = [*_closing(context, current), *beginning]
    covered = {record.id for series in current for record in _covered(context, series)}
    for record in context.records.values():
        if record.id not in covered:
            letters += _about(context, record)
    return sum(_post(context, letter) for letter in letters)


def as_invited(app: App, db: Connection, row: PartnershipRow, state: PartnershipState, record: Recorded) -> list[Post]:
    """The invitation to one review as everybody would get it, were nobody told of it yet; nothing is kept. There is
    none for one that is past, or is not held."""
    if record.status is not Status.PLANNED or record.is_past(state.now):
        return []
    context = InvitationContext(app, db, row, state, [], defaultdict(dict))
    invited = Invited(record.review.uid, row.id, record.id, "0" * TOKEN_LENGTH)
    guests, organizer = guests_of(record.review, context.partnership), context.organizer(invited)
    letters = letters_of_review(record, invited, {}, guests, context.everybody, organizer, state.now, _AT_ONCE)
    folders, sender = app.settings.template_folders, app.settings.mail.sender or ""
    return [post for letter in letters for post in posts(letter, _setting(context, letter), {}, sender, folders)]


# What people are invited to ----------------------------------------------------------------------------------------


def _current_series(context: InvitationContext) -> Iterator[Invited]:
    """The definition's series that one invitation stands for, those known under the UID that they have."""
    taken: set[str] = set()
    for scope in context.state.scopes.values():
        for series in scope.series:
            if rule_of(series) is not None and (found := _series(context, series, taken)):
                taken.add(found.uid)
                yield found


def _series(context: InvitationContext, series: Series, taken: Collection[str]) -> Invited | None:
    """A series goes on under its UID while its rule, time of day and zone stay; what is told of its past stays too.

    It also does where they change before anything of it was held: people keep one entry, which moves. What was held
    under another rule would move with it, so then the old series ends and a new one begins. `taken` are the UIDs of
    other series.
    """
    since = min((record.review.nominal_date for record in _coming(context, series)), default=None)
    moved = recurring(series, since) if since else None
    for each in context.known:
        told = each.recurring
        if told is None or each.closed or each.subject != series.id or each.uid in taken:
            continue
        goes_on = recurring(series, told.since) if _in_phase(series, told.since) else None
        if goes_on and goes_on.pattern == told.pattern:
            return replace(each, recurring=goes_on)
        if moved and context.last_held(each) is None:
            return replace(each, recurring=moved)
    earlier = sum(each.subject == series.id for each in context.known)
    name = uid(f"series:{series.id}{f'#{earlier}' if earlier else ''}")
    return Invited(name, series.partnership, series.id, _new_token(), moved) if moved else None


def _ends_earlier(now: Recurring, before: Recurring) -> bool:
    return now.until is not None and (before.until is None or now.until < before.until)


def _coming(context: InvitationContext, series: Series) -> Iterator[Recorded]:
    """The planned reviews of a series that people can still be invited to together."""
    for record in context.records.values():
        review = record.review
        mine = (review.layer, review.series) == (series.layer, series.key) and _in_phase(series, review.nominal_date)
        if (
            mine
            and record.status is Status.PLANNED
            and not record.is_past(context.now)
            and not review.is_reconvened
            and record.id not in context.alone
        ):
            yield record


def _in_phase(series: Series, day: date) -> bool:
    return series.starts <= day and (series.ends is None or day <= series.ends)


def _covered(context: InvitationContext, series: Invited) -> Iterator[Recorded]:
    """The reviews that the invitation to their series stands for."""
    if series.recurring:
        found = within(series.recurring, context.records.values())
        yield from (record for record in found.values() if record and record.id not in context.alone)


def _closing(context: InvitationContext, current: list[Invited]) -> Iterator[Letter]:
    """Close the series that are no longer what people were invited to."""
    going_on = {each.uid for each in current}
    for each in context.known:
        if each.recurring and not each.closed and each.uid not in going_on:
            successor = next((one.recurring for one in current if one.subject == each.subject), None)
            closed, letters = ended(context.occasion(each), successor)
            invitations.save(context.db, context.row.id, [closed])
            yield from letters


def _about(context: InvitationContext, record: Recorded) -> list[Letter]:
    """The letters about a review that people are invited to by itself."""
    known = next((each for each in context.known if each.subject == record.id), None)
    if known is None and (record.status is not Status.PLANNED or record.is_past(context.now)):
        return []
    new = known or Invited(record.review.uid, context.row.id, record.id, _new_token())
    told = {email: each for (_, email), each in context.told.get(new.uid, {}).items()}
    guests = guests_of(record.review, context.partnership)
    return letters_of_review(
        record, new, told, guests, context.everybody, context.organizer(new), context.now, context.days
    )


def _new_token() -> str:
    return secrets.token_hex(TOKEN_LENGTH // 2)


# The letters -------------------------------------------------------------------------------------------------------


def _post(context: InvitationContext, letter: Letter) -> int:
    """Put a letter into the outbox, once for each who gets it, and remember that they were told."""
    invited, settings = letter.invited, context.app.settings
    if all(each.uid != invited.uid for each in context.known):
        rsvps.remember_token(context.db, invited.token, invited.uid)
    invitations.save(context.db, context.row.id, [invited])
    setting = _setting(context, letter)
    posted = list(
        posts(letter, setting, context.told[invited.uid], settings.mail.sender or "", settings.template_folders)
    )
    _note_template(context, posted)
    for each in posted:
        _report(context, each)
    if letter.day is None and letter.method == "REQUEST":
        invitations.forget_instances(context.db, invited.uid, [each.guest.key for each in posted])
    invitations.tell(context.db, context.row.id, [told for each in posted for told in each.told])
    rows = [_row(context, letter, each) for each in posted if each.content is not None]
    outbox.add(context.db, rows)
    return len(rows)


def _setting(context: InvitationContext, letter: Letter) -> Setting:
    stamp = stamp_of(context.told[letter.invited.uid].values(), context.now)
    organizer, answers = context.organizer(letter.invited), _answers(context, letter)
    meeting = context.shown.meeting
    links = context.link, context.answer_link, context.item_link, context.away_link
    is_read = context.app.settings.replies.is_read
    return Setting(
        context.partnership, organizer, stamp, answers, meeting, *links, is_read, context.app.settings.manner
    )


def _answers(context: InvitationContext, letter: Letter) -> dict[str, str]:
    """What the guests have answered to the present SEQUENCE: an update that changes nothing of substance keeps it."""
    found = {}
    for guest in letter.guests:
        answer = rsvps.latest(context.db, letter.invited.subject, guest.key)
        if answer and answer.sequence >= letter.number_of(guest):
            found[guest.key] = answer.says.partstat
    return found


def _note_template(context: InvitationContext, posted: list[Post]) -> None:
    """An operator's template that fails is a fault until it renders."""
    fault = next((each.template_fault for each in posted if each.template_fault), None)
    if fault:
        faults.note(context.db, TEMPLATE, fault, "correct it, or delete it to use the shipped one", context.now)
    elif posted:
        faults.clear(context.db, TEMPLATE)


def _report(context: InvitationContext, post: Post) -> None:
    log, about = context.app.log, post.letter.invited.subject
    if post.template_fault:
        log.error("template.failed", review=about, fault=post.template_fault)
    if post.content is None:
        log.error("invitation.unsendable", review=about, to=post.guest.email, what=post.fault)


def _row(context: InvitationContext, letter: Letter, post: Post) -> LetterRow:
    return LetterRow(
        dedup_key=post.key,
        partnership=context.row.id,
        subject=letter.record.id if letter.record else letter.invited.subject,
        uid=letter.invited.uid,
        instance=instance_of(letter),
        sequence=letter.sequence,
        method=letter.method,
        email=post.guest.email,
        title=post.title,
        sender=context.app.settings.mail.sender or "",
        message_id=post.message_id,
        created_at=context.now,
        due_at=context.now,
        expires_at=useful_until(letter),
        content=post.content or b"",
    )
