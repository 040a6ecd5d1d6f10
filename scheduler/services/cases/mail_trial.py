"""A letter of trial by the mail server of the settings, step by step, and what the servers that take letters want to
find published of the sender's domain. Nothing of it goes on record."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple

from scheduler.domain.definition.people import is_email
from scheduler.domain.errors import UserError
from scheduler.render.mime import Envelope, message_id, plain_mail
from scheduler.render.templating import rendered
from scheduler.services.app import App
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.sending.transports import Opening, kind_of, name_of, opened
from scheduler.settings import Mail
from scheduler.store.outbox import MAIL
from scheduler.store.tables import LetterRow
from scheduler.transports.delivery_errors import Closed, DeliveryError
from scheduler.transports.interrupt import Interrupt

_SUBJECT = "A letter of trial from cadence"
_TLS = {"starttls": "encrypted by STARTTLS", "tls": "encrypted", "none": "not encrypted"}


class TrialStep(NamedTuple):
    """A step of the way, in words, whether it went well, and the way out where it did not."""

    says: str
    went_well: bool
    hint: str = ""


class DnsRecord(NamedTuple):
    """A record that is to be published: what it is for, the name that bears it, its text, and what to know of it."""

    kind: str
    name: str
    text: str
    note: str


@dataclass(frozen=True)
class MailTrial:
    """What came of it; `records` are what receivers want to find, which cannot be seen from here."""

    to: str
    steps: tuple[TrialStep, ...]
    records: tuple[DnsRecord, ...]

    @property
    def went_well(self) -> bool:
        return all(step.went_well for step in self.steps)


def send_trial(
    app: App, to: str | None, environ: Mapping[str, str], clock: Callable[[], datetime], now: datetime
) -> MailTrial:
    """Send one letter `to` an address, the sender's own unless it is said. Raises `UserError` where the settings name
    no sender, or for what is no address."""
    mail = app.settings.mail
    if mail.sender is None:
        raise UserError("no letter leaves: the settings name no sender", "add under `mail:` sender and host")
    address = to or mail.sender
    if not is_email(address):
        raise UserError(f"{address[:80]!r} is not one e-mail address", "write one plain address, like you@acme.example")
    letter = _letter(app, mail.sender, address, now)
    opening = Opening(app, MAIL, environ, clock, Interrupt())
    steps = tuple(_sent(app, opening, letter))
    return MailTrial(address, steps, wanted_records(mail))


def wanted_records(mail: Mail) -> tuple[DnsRecord, ...]:
    """What SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) want of the domain that letters come from; and that
    answers arrive. Cadence puts the same address into the envelope and into From, so both are of this domain."""
    domain = (mail.sender or "").rpartition("@")[2]
    server = mail.host or "mail.example"
    sends, receives = _of_server(server)
    return (
        DnsRecord(
            "SPF",
            domain,
            f"v=spf1 {sends} ~all",
            f"names whoever hands letters of {domain} to the world: {server}, or what its provider says (include:…); "
            "one such record a domain",
        ),
        DnsRecord(
            "DKIM",
            f"SELECTOR._domainkey.{domain}",
            "v=DKIM1; k=rsa; p=KEY",
            f"{server} signs, not cadence: it gives the selector and the key; the signature has to say d={domain}",
        ),
        DnsRecord(
            "DMARC",
            f"_dmarc.{domain}",
            f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
            "begin with none and read the reports; then quarantine, then reject",
        ),
        DnsRecord(
            "MX",
            mail.organizer("TOKEN").rpartition("@")[2],
            receives,
            f"answers to invitations go to {mail.organizer('TOKEN')}: letters to any such address have to arrive",
        ),
    )


def _of_server(server: str) -> tuple[str, str]:
    """How SPF names a mail server, and what an MX record can name in its place: an address has a mechanism of its own
    (RFC 7208, 5.6), and no MX is one (RFC 5321, 5.1)."""
    try:
        address = ip_address(server.strip("[]"))
    except ValueError:
        return f"a:{server}", server
    return f"ip{address.version}:{address}", f"the name of {server}"


def _letter(app: App, sender: str, to: str, now: datetime) -> LetterRow:
    key = secrets.token_hex(16)
    plain = rendered("mail/trial.txt.j2", app.settings.template_folders, sender=sender)
    html = rendered("mail/trial.html.j2", app.settings.template_folders, sender=sender)
    id = message_id(key, sender)
    content = plain_mail(Envelope(sender, SENDER_NAME, sender, to, to, _SUBJECT, id, None, now), plain.text, html.text)
    return LetterRow(
        dedup_key=key,
        partnership="",
        subject="",
        uid="",
        instance=key,
        sequence=0,
        method="TRIAL",
        email=to,
        title=_SUBJECT,
        sender=sender,
        message_id=id,
        created_at=now,
        due_at=now,
        content=content,
    )


def _sent(app: App, opening: Opening, letter: LetterRow) -> "list[TrialStep]":
    mail, name = app.settings.mail, name_of(app.settings, MAIL)
    in_folder = kind_of(app, MAIL) == "eml_folder"
    reached = (
        "There is no mail server in the settings, so letters lie in a folder"
        if in_folder
        else (
            f"{name} answers, {_TLS[mail.tls]}"
            + (f", and takes the login of {mail.user}" if mail.user else ", without a login")
        )
    )
    steps: list[TrialStep] = []
    try:
        with opened(opening) as send:
            steps.append(TrialStep(reached, went_well=True))
            said = send(letter, lambda: True)
            steps.append(TrialStep(f"The letter was taken: {said}", went_well=True))
    except DeliveryError as error:
        what = f"The letter was not taken: {error.what}" if steps else f"{name} is not reached: {error.what}"
        hint = (
            error.hint if isinstance(error, Closed) or error.hint != "letters wait" else "check `mail:` in the settings"
        )
        steps.append(TrialStep(what, went_well=False, hint=hint))
    return steps
