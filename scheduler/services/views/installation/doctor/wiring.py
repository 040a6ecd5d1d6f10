"""What the settings connect cadence with: who may read its files, mail, the web, who runs it, who watches it, and how
long it keeps what."""

from collections.abc import Iterator
from pathlib import Path

from scheduler.definitions.playbooks import playbooks
from scheduler.services.views.installation.exposed_files import exposed, out_of_reach
from scheduler.services.views.installation.sign_in_faults import sign_in_faults
from scheduler.settings import Settings, load

from .check import Check, good, to_do, wrong


def settings(file: Path) -> Iterator[Check]:
    """That they can be read, with the playbooks."""
    playbooks(*load(file).playbook_folders)
    yield good("settings", f"{file} is read, and the playbooks are")


def files(settings: Settings, file: Path) -> Iterator[Check]:
    """That nobody else on the machine reads what is secret, and that the service does."""
    found = {each.path: each for each in (*exposed(settings, file), *out_of_reach(settings, file))}.values()
    for each in found:
        yield wrong("files", each.what, each.hint)
    if not found:
        yield good(
            "files", "nobody else on this machine reads the database, its copies or letters, nor everybody passwords"
        )


def of_settings(settings: Settings) -> Iterator[Check]:
    """Each block that an operator fills in before they rely on it."""
    yield _operators(settings)
    yield _mail(settings)
    yield _answers(settings)
    yield _web(settings)
    yield from _sign_in(settings)
    yield _monitor(settings)
    yield _retention(settings)


def _operators(settings: Settings) -> Check:
    if not settings.operators:
        hint = "operators: [you@acme.example], who may look after it on the page Status, and are asked"
        return to_do("operators", "nobody is named who runs it", hint)
    asked = settings.privacy_contact or settings.operators[0]
    return good("operators", f"{', '.join(settings.operators)}; about their data people ask {asked}")


def _mail(settings: Settings) -> Check:
    mail = settings.mail
    if mail.sender is None:
        return to_do(
            "mail",
            "nobody is invited, and letters stay on this machine",
            "mail.sender and mail.host: docs/operators.md, Letters",
        )
    if mail.host is None:
        says = f"letters of {mail.sender} lie as files in {settings.data / 'outbox'}"
        return to_do("mail", says, "mail.host: once you have looked at a few")
    if mail.tls == "none" and mail.host not in ("localhost", "127.0.0.1", "::1"):
        return to_do("mail", f"letters go to {mail.host} without TLS", "mail.tls: starttls, or tls")
    return good("mail", f"from {mail.sender} by {mail.host}:{mail.server_port}; cadence mail test --to YOU tries it")


def _answers(settings: Settings) -> Check:
    if settings.mail.sender and not settings.replies.is_read:
        return to_do(
            "answers", "nobody reads what people answer to invitations", "replies: a Maildir or an IMAP folder"
        )
    where = settings.replies.maildir or settings.replies.host
    return good("answers", f"to invitations are read at {where}" if where else "nobody is invited, so none come")


def _web(settings: Settings) -> Check:
    web = settings.web
    if web.address is None:
        return good("web", "nothing is served, as the settings say")
    if web.reachable_url is None:
        return to_do(
            "web",
            f"links in letters lead to {web.url}, this machine",
            "web.public_url, and TLS before it: docs/nginx.md",
        )
    if not web.is_private:
        return wrong(
            "web",
            f"what people send to {web.url} can be read on the way",
            "TLS: docs/nginx.md; then https:// in web.public_url",
        )
    return good("web", f"people come to {web.url}, the proxy to {web.listen}")


def _sign_in(settings: Settings) -> Iterator[Check]:
    for each in sign_in_faults(settings):
        yield wrong("sign-in", each.what, each.hint)


def _monitor(settings: Settings) -> Check:
    if settings.monitor is None:
        hint = "monitor: https://… of a service that tells you when calls stop: docs/monitoring.md"
        return to_do("monitor", "nobody outside would notice that this machine is gone", hint)
    return good("monitor", "it is called after each good cycle")


def _retention(settings: Settings) -> Check:
    kept, letters = settings.retention, settings.letter_days
    people = f"{kept.people_days} days after they left" if kept.people_days != "never" else "never"
    minutes = f"after {kept.minutes_years} years" if kept.minutes_years != "never" else "never"
    return good(
        "retention", f"letters go after {letters} days, people {people}, minutes {minutes}: cadence purge --dry-run"
    )
