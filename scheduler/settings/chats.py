"""Webhooks: chats, by which people are told beside mail or instead of it; those by which programs hear of events; and
what is called to show that cadence goes on.

Whoever knows the address of a webhook can write there, so it is a secret: no fault, no log and no page repeats it.
"""

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, GetJsonSchemaHandler, SecretStr, model_validator
from pydantic_core import CoreSchema

from scheduler.domain.definition.vocabulary import SIGNED, ChatShape
from scheduler.domain.errors import InvalidValue
from scheduler.domain.json_schema import JsonSchema
from scheduler.domain.record.event import EventType

from .block import Part

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
_URL = re.compile(r"(https?)://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?][!\"$-~]*)?")


def _chat_name(name: str) -> str:
    if name == "mail" or not _NAME.fullmatch(name):
        raise InvalidValue(
            "a chat has another name than mail, of a-z, 0-9 and '-', 64 characters at most", "like acme-teams"
        )
    return name


ChatName = Annotated[str, AfterValidator(_chat_name)]
"""The name that definitions know a chat by. `mail` is the other way out."""


def _domain(written: str) -> str:
    if not _DOMAIN.fullmatch(written):
        raise InvalidValue(
            f"{written[:60]!r} is no domain of mail addresses", "write what stands behind the @: acme.example"
        )
    return written.casefold()


class Addressed(Part):
    """An address of the web, by its `url` or by a file that holds nothing else. Only an `internal` one may lead into a
    private network, or go without TLS."""

    url: SecretStr | None = None
    url_file: Path | None = None
    internal: bool = False
    what: ClassVar[str] = "a webhook"
    like: ClassVar[str] = "https://hooks.acme.example/T0/B1"
    """What has such an address, and what one looks like."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if (self.url is None) is (self.url_file is None):
            raise InvalidValue("has no address, or two", "write either url: or url_file:")
        if self.url:
            self.checked(self.url.get_secret_value())
        return self

    def checked(self, url: str) -> str:
        """The address itself. Raises InvalidValue, without repeating it, where it is none that this may have."""
        if not _is_url(url):
            raise InvalidValue(f"its url is no address of {self.what}", f"write one like {self.like}")
        if url.startswith("http:") and not self.internal:
            raise InvalidValue(
                "its url has no TLS", "write https://, or internal: yes for a server of your own network"
            )
        return url


class Hooked(Addressed):
    """A webhook. What is posted is signed with each of the keys in `secret_file`, if there is one."""

    secret_file: Path | None = None


class Monitor(Addressed):
    """What is called after each good cycle, so that a service notices when the calls stop: by the address alone, or as
    a block."""

    what: ClassVar[str] = "a monitor"
    like: ClassVar[str] = "https://hc-ping.com/b2c4d7a1"

    @classmethod
    def __get_pydantic_json_schema__(cls, source: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        made = handler.resolve_ref_schema(handler(source))
        return {"description": made["description"], "anyOf": [{"type": "string"}, made]}

    @model_validator(mode="before")
    @classmethod
    def _by_its_address(cls, said: Any) -> Any:
        return {"url": said} if isinstance(said, str) else said


class Chat(Hooked):
    """A webhook that people are told by. What is posted there has the `shape` that its service reads; only one of a
    shape that is `SIGNED` is signed.

    `of` is the domain of the mail addresses of all who read there; None where it may be anybody."""

    shape: ChatShape
    of: Annotated[str, AfterValidator(_domain)] | None = None

    @model_validator(mode="after")
    def _is_checked_there(self) -> Self:
        if self.secret_file and self.shape not in SIGNED:
            raise InvalidValue(
                f"{self.shape} checks no signature", f"leave secret_file: out, or write shape: {' or '.join(SIGNED)}"
            )
        return self


class EventWebhook(Hooked):
    """A webhook that a program is told events by: of these `events`, or of all; of one `partnership`, or of all; what
    this `organisation` may see or, without one, what all partners may. `actor_level`: without an organisation, also
    what is internal to any, which is for programs of the operator's own."""

    events: tuple[EventType, ...] = ()
    organisation: str | None = None
    partnership: str | None = None
    actor_level: bool = False

    @model_validator(mode="after")
    def _can_be_believed(self) -> Self:
        if self.secret_file is None:
            raise InvalidValue(
                "its receiver could not tell whose posts they are",
                "name a key: secret_file: erp.key, with whsec_ and 32 random bytes in base64",
            )
        if self.actor_level and self.organisation:
            raise InvalidValue("an organisation is told what is internal to it anyway", "leave actor_level: out")
        return self


def _is_url(text: str) -> bool:
    try:
        return bool(_URL.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:  # a port beyond 65535, or brackets around no address
        return False
