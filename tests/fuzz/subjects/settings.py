"""The settings file: it is read whole, or refused with what is wrong and in which line; and where the database is, a
listing is told alike."""

import random
import re
from pathlib import Path
from typing import Any

import yaml

from scheduler.settings import SettingsFault, database, load, shipped

from .. import yaml_trees
from ..damage import damaged
from ..subject import STILL_GOOD, Subject

RICH = """\
definitions: partnerships
database: postgresql+psycopg://ines@db.example/cadence
horizon_days: 300
interval: 5 minutes
log: {format: json, level: debug}
guard: {reviews: 4, share: 25%}
web:
  listen: 127.0.0.1:8377
  public_url: https://cadence.acme.example
  hosts: [cadence.internal.example]
  sign_in:
    mail_link: no
    header: {name: Remote-Email, networks: [127.0.0.1], secret_file: proxy.secret}
    openid:
      acme:
        title: Acme
        issuer: https://login.acme.example/realms/acme
        client_id: cadence
        client_secret_file: acme.secret
        domains: [acme.example]
  metrics_from: [127.0.0.0/8, "::1"]
replies: {host: mail.acme.example, port: 993, user: cadence, password_file: reply.password, mailbox: Antworten/Entwürfe}
mail:
  sender: cadence@alliances.acme.example
  host: mail.acme.example
  tls: starttls
  user: cadence
  password_file: mail.password
operators: [root@acme.example]
monitor: {url: "https://watch.acme.example/x"}
privacy_contact: data@acme.example
chats:
  acme-teams: {shape: teams, of: acme.example, url: "https://chat.acme.example/x"}
  acme-hub: {shape: json, url: "https://hub.acme.example/cadence", secret_file: acme-hub.key}
webhooks:
  acme-erp:
    {url: "https://erp.acme.example/cadence", secret_file: acme-erp.key, events: [kpi.overdue], organisation: acme}
"""


class SettingsFile(Subject):
    """An input is the text of the file; where its first line says so, it is a good one in other words."""

    name = "settings"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._file = folder / "cadence.yaml"
        self._texts = [shipped("cadence.yaml").read_bytes(), RICH.encode(), b"# nothing but a comment\n"]
        self._trees: list[dict[str, Any]] = [yaml.safe_load(text) for text in self._texts[:2]]
        self._rich = self._loaded(RICH.encode())

    def make(self, rng: random.Random) -> bytes:
        chance = rng.random()
        if chance < 0.03:
            return STILL_GOOD + b"\n" + yaml_trees.same(self._trees[1], rng)
        if chance < 0.5:
            return damaged(rng.choice(self._texts), rng, self._texts)
        return yaml_trees.grown(self._trees, rng) if chance < 0.9 else yaml_trees.trap(rng.choice(self._texts), rng)

    def try_one(self, content: bytes) -> str:
        if content.startswith(STILL_GOOD):
            assert self._loaded(content.partition(b"\n")[2]) == self._rich
            return "still good"
        try:
            with self.timed():
                settings = self._loaded(content)
        except SettingsFault as fault:
            self._is_told_well(fault, content)
            self._told_alike()
            return "bad"
        assert database(self._file) == settings.database, "a listing would look into another database"
        return "good"

    def _loaded(self, content: bytes) -> Any:
        self._file.write_bytes(content)
        return load(self._file)

    def _is_told_well(self, fault: SettingsFault, content: bytes) -> None:
        """Each fault has its file and, but for one of the file as a whole, a line that is there; and nothing in it
        steers a terminal once it is printed."""
        assert fault.what and fault.hint
        lines = len(re.findall(rb"\r\n|\r|\n", content)) + 1
        for told in fault.what.split(f"{self._file}:")[1:]:
            number = re.match(r"\d+", told)
            assert not number or 1 <= int(number[0]) <= max(lines, 1), told[:80]
        fault.what.encode("utf-8", "surrogatepass")

    def _told_alike(self) -> None:
        """Of bad settings a listing still may find the database, by what is plain to see; or it is told the same."""
        try:
            database(self._file)
        except SettingsFault as fault:
            assert fault.what and fault.hint
