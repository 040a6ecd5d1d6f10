"""Settings are found in four places in order, read with every default filled, and refused with line and way out."""

import re
from pathlib import Path

import pytest

from scheduler.domain.phrases import Percent, Span
from scheduler.settings import SYSTEM_WIDE, Settings, SettingsFault, database, find, load, shipped
from scheduler.settings.settings_file import KEYS

REPOSITORY = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "cadence.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsFault) as caught:
        load(written(folder, text))
    return caught.value.what


def test_an_empty_file_means_the_defaults_with_folders_beside_it(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "# nothing but a comment\n"))
    assert settings.definitions == tmp_path / "partnerships"
    assert settings.playbooks == tmp_path / "playbooks"
    assert settings.templates == tmp_path / "templates"
    assert settings.data == tmp_path / "data"
    assert settings.database == f"sqlite:///{tmp_path}/data/cadence.db"
    assert (settings.horizon_days, settings.agenda_days, settings.past_days) == (400, 14, 90)
    assert settings.interval == Span(15, "minute")
    assert (settings.log.format, settings.log.level) == ("auto", "info")
    assert (settings.guard.reviews, settings.guard.share) == (10, Percent.read("50%"))


def test_the_shipped_settings_name_every_setting_with_its_default() -> None:
    file = REPOSITORY / "config" / "cadence.yaml"
    shipped_settings = load(file)
    assert shipped_settings.data == REPOSITORY / "data"
    defaults = {"horizon_days", "agenda_days", "past_days", "interval", "log", "guard"}
    assert shipped_settings.model_dump(include=defaults) == Settings().model_dump(include=defaults)
    keys = re.findall(r"^(\w+):", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(keys) == sorted(Settings.model_fields)


def test_folders_are_relative_to_the_settings_file_and_absolute_ones_stay(tmp_path: Path) -> None:
    settings = load(written(tmp_path / "config", "definitions: ../alliances\ndata: /var/lib/cadence\n"))
    assert settings.definitions == tmp_path / "alliances"
    assert settings.data == Path("/var/lib/cadence")
    assert settings.database == "sqlite:////var/lib/cadence/cadence.db"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sqlite:///other.db", "sqlite:///{folder}/data/other.db"),
        ("sqlite:////srv/cadence.db", "sqlite:////srv/cadence.db"),
        ("postgresql+psycopg://ines@db.example/cadence", "postgresql+psycopg://ines@db.example/cadence"),
    ],
)
def test_a_relative_sqlite_file_lies_under_data_and_any_other_address_stays(
    tmp_path: Path, said: str, meant: str
) -> None:
    assert load(written(tmp_path, f"database: {said}\n")).database == meant.format(folder=tmp_path)


def test_words_that_yaml_elsewhere_reads_as_booleans_or_numbers_are_words_here(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "definitions: no\ntemplates: 2026\n"))
    assert settings.definitions == tmp_path / "no"
    assert settings.templates == tmp_path / "2026"


def test_an_unknown_setting_is_refused_with_its_line_and_its_near_miss(tmp_path: Path) -> None:
    said = refused(tmp_path, "data: data\ndefinitons: partnerships\n")
    assert "cadence.yaml:2:" in said
    assert "did you mean definitions?" in said


def test_an_unknown_key_of_a_block_is_told_of_the_keys_of_that_block(tmp_path: Path) -> None:
    said = refused(tmp_path, "log:\n  fromat: json\nguard:\n  colour: red\n")
    assert "cadence.yaml:2: 'log.fromat' is no setting (did you mean format?)" in said
    assert "cadence.yaml:4: 'guard.colour' is no setting (known: reviews, share)" in said


def test_all_faults_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    said = refused(tmp_path, "horizon_days: soon\nlog: {level: loud}\ninterval: 2 months\n")
    assert [int(line) for line in re.findall(r"yaml:(\d+):", said)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("interval: 59 days", "interval"),
        ("interval: 0 minutes", "interval"),
        ("interval: a while", "not a length of time"),
        ("horizon_days: 0", "horizon_days"),
        ("horizon_days: 3661", "horizon_days"),
        ("past_days: -1", "past_days"),
        ("guard: {share: 101%}", "not a percentage"),
        ("guard: many", "guard"),
        ("data: [a, b]", "data"),
        ("database: mysql://root:hunter2@db.example/x", "database"),
        ("database: 'sqlite:///:memory:'", "database"),
        ("data: a\ndata: b", "yaml:2: data stands twice"),
        ("log: {level: info, level: debug}", "log.level stands twice"),
        ("- a\n- list", "the file"),
        ("just words", "the file"),
        ("data: [", "not YAML"),
        ("data: *nowhere", "not YAML"),
        ("a: 1\n---\nb: 2", "not YAML"),
        ("[" * 20_000, "not YAML"),
        ("log: &log {level: *log}", "log.level"),
        ("? {a: b}\n: c", "no setting"),
    ],
)
def test_a_setting_that_cannot_hold_is_refused_in_words(tmp_path: Path, text: str, complaint: str) -> None:
    assert complaint in refused(tmp_path, text)


def test_a_password_in_a_refused_database_address_is_not_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in refused(tmp_path, "database: mysql://root:hunter2@db.example/x")


def test_the_pace_of_cycles_runs_from_one_minute_to_a_day(tmp_path: Path) -> None:
    assert load(written(tmp_path, "interval: 1 minute")).interval == Span(1, "minute")
    assert load(written(tmp_path, "interval: 24 hours")).interval == Span(24, "hour")
    assert "interval" in refused(tmp_path, "interval: 25 hours")


def test_a_nest_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    """Each line repeats the one before ten times: ten to the power of forty values, were they ever walked."""
    bomb = "a0: &a0 {x: y}\n" + "".join(
        f"a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(10))}}}\n" for n in range(1, 40)
    )
    assert "no plain UTF-8 text of a few keys" in refused(tmp_path, bomb)


def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cadence.yaml"
    for raw in (b"\xff\xfe\x00", b"data: \x00", b"# " + b"x" * 70_000):
        file.write_bytes(raw)
        with pytest.raises(SettingsFault):
            load(file)
    with pytest.raises(SettingsFault, match="cannot be read"):
        load(tmp_path / "missing.yaml")


class TestFind:
    """--config, then $CADENCE_CONFIG, then ./config/cadence.yaml, then /etc/cadence/cadence.yaml."""

    def test_the_option_comes_before_the_environment_before_the_folder(self, tmp_path: Path) -> None:
        option = written(tmp_path / "option", "")
        environment = written(tmp_path / "environment", "")
        here = written(tmp_path / "config", "")
        environ = {"CADENCE_CONFIG": str(environment)}
        assert find(option, environ, tmp_path) == option
        assert find(None, environ, tmp_path) == environment
        assert find(None, {"CADENCE_CONFIG": ""}, tmp_path) == here

    def test_a_relative_name_counts_from_the_working_folder(self, tmp_path: Path) -> None:
        file = written(tmp_path / "option", "")
        assert find(Path("option/cadence.yaml"), {}, tmp_path) == file

    def test_a_file_that_was_named_and_is_not_there_is_never_replaced_by_another(self, tmp_path: Path) -> None:
        written(tmp_path / "config", "")
        with pytest.raises(SettingsFault, match="--config names"):
            find(Path("absent.yaml"), {}, tmp_path)
        with pytest.raises(SettingsFault, match="CADENCE_CONFIG names"):
            find(None, {"CADENCE_CONFIG": "absent.yaml"}, tmp_path)

    def test_the_whole_machines_file_is_the_last_place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        machine = written(tmp_path / "etc", "")
        monkeypatch.setattr("scheduler.settings.settings_file.SYSTEM_WIDE", machine)
        assert find(None, {}, tmp_path) == machine
        here = written(tmp_path / "config", "")
        assert find(None, {}, tmp_path) == here

    def test_where_there_is_none_the_places_looked_in_and_the_way_out_are_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("scheduler.settings.settings_file.SYSTEM_WIDE", tmp_path / "etc" / "cadence.yaml")
        with pytest.raises(SettingsFault) as caught:
            find(None, {}, tmp_path)
        for place in ("--config", "$CADENCE_CONFIG", tmp_path / "config" / "cadence.yaml", tmp_path / "etc"):
            assert str(place) in caught.value.what
        assert "cadence init" in caught.value.hint

    def test_in_a_folder_that_we_may_not_enter_there_is_none_of_ours(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As for who runs a command as another user: from root's own home, say."""

        def forbidden(path: Path) -> bool:
            if path == tmp_path / "config" / "cadence.yaml":
                raise PermissionError(13, "Permission denied")
            return stood(path)

        stood = Path.is_file
        machine = written(tmp_path / "etc", "")
        monkeypatch.setattr("scheduler.settings.settings_file.SYSTEM_WIDE", machine)
        monkeypatch.setattr(Path, "is_file", forbidden)
        assert find(None, {}, tmp_path) == machine

    def test_the_whole_machines_file_is_in_etc(self) -> None:
        assert Path("/etc/cadence/cadence.yaml") == SYSTEM_WIDE


def test_what_is_shipped_is_found_beside_the_package_in_a_checkout() -> None:
    assert (shipped("playbooks") / "joint_venture.yaml").is_file()
    assert shipped("templates").name == "templates"
    assert Settings().playbook_folders == (Path("playbooks"), shipped("playbooks"))
    assert Settings().template_folders == (Path("templates"), shipped("templates"))


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:8377", ("127.0.0.1", 8377)),
        ('"[::1]:80"', ("::1", 80)),
        ("cadence.acme.example:65535", ("cadence.acme.example", 65535)),
        ("off", None),
    ],
)
def test_calendars_are_served_at_a_place_or_nowhere(
    tmp_path: Path, listen: str, address: tuple[str, int] | None
) -> None:
    assert load(written(tmp_path, f"web: {{listen: {listen}}}\n")).web.address == address


@pytest.mark.parametrize("listen", ["8377", "127.0.0.1", "127.0.0.1:65536", "http://127.0.0.1:8377", "[::1:80", "on"])
def test_what_is_no_place_to_listen_is_refused(tmp_path: Path, listen: str) -> None:
    said = refused(tmp_path, f'data: data\nweb:\n  listen: "{listen}"\n')
    assert "cadence.yaml:3:" in said and "is no place to listen" in said


def test_an_address_given_to_people_starts_with_the_public_one_else_with_where_we_listen(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")).web.url == "http://127.0.0.1:8377"
    settings = load(written(tmp_path, "web: {public_url: https://acme.example/cadence/}\n"))
    assert settings.web.url == "https://acme.example/cadence"
    for wrong in ("acme.example", "ftp://acme.example", "https://acme.example/?a=b", "https://a b.example"):
        assert "is no address of a site" in refused(tmp_path, f'web: {{public_url: "{wrong}"}}\n')


def test_answers_come_to_a_maildir_beside_the_settings_or_to_a_server(tmp_path: Path) -> None:
    nothing = load(written(tmp_path, "")).replies
    assert (nothing.maildir, nothing.host) == (None, None)
    assert load(written(tmp_path, "replies: {maildir: answers}")).replies.maildir == tmp_path / "answers"
    server = load(written(tmp_path, "replies: {host: mail.acme.example, user: cadence, password_file: secret}")).replies
    assert (server.server_port, server.password_file, server.mailbox) == (993, tmp_path / "secret", "INBOX")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("replies: {maildir: a, host: mail.acme.example}", "names both a Maildir and a server"),
        ("replies: {host: mail.acme.example}", "not who reads there"),
        ("replies: {host: mail.acme.example, user: a, password_file: b, tls: none}", "unprotected"),
        ("replies: {host: mail.acme.example, user: a, password_file: b, port: 65536}", "port"),
        ("replies: {host: mail.acme.example, user: a, password_file: b, token_file: c}", "a password and a token"),
        ("replies: {host: mail.acme.example, user: a, token_file: b, token_command: c}", "two of a kind"),
        ("replies: {host: mail.acme.example, token_file: b}", "not who reads there"),
        ("replies: {host: mail.acme.example, user: a, token_command: 'a \"b'}", "no command"),
        ("mail: {sender: a@x.example, host: h, token_file: b}", "nobody whose it is"),
        (
            "mail: {sender: a@x.example, host: h, user: a, password_variable: P, token_file: b}",
            "a password and a token",
        ),
        ("mail: {sender: a@x.example, host: h, helo: localhost}", "full name"),
        ("letter_days: 3", "letter_days"),
        ("operators: [Ines Falk]", "not one e-mail address"),
    ],
)
def test_a_mailbox_for_answers_is_one_and_its_password_travels_protected(
    tmp_path: Path, text: str, complaint: str
) -> None:
    assert complaint in refused(tmp_path, text)


CHAT = "https://hooks.acme.example/T0SECRET/B1"


def test_a_chat_is_a_webhook_with_a_shape_and_a_name(tmp_path: Path) -> None:
    text = f"""
chats:
  acme-slack: {{shape: slack, url: "{CHAT}"}}
  acme-hub:
    shape: json
    url_file: hub.url
    secret_file: /etc/cadence/hub.key
    internal: yes
"""
    chats = load(written(tmp_path, text)).chats
    assert list(chats) == ["acme-slack", "acme-hub"]
    slack, hub = chats.values()
    assert slack.url is not None and slack.url.get_secret_value() == CHAT and not slack.internal
    assert (hub.url, hub.url_file, hub.internal) == (None, tmp_path / "hub.url", True)
    assert hub.secret_file == Path("/etc/cadence/hub.key")
    assert load(written(tmp_path, "chats:\n")).chats == {}


@pytest.mark.parametrize(
    ("chat", "complaint"),
    [
        ("a: {shape: irc, url: URL}", "yaml:1: chats.a.shape"),
        ("a: {url: URL}", "chats.a.shape: field required"),
        ("a: {shape: json}", "no address, or two"),
        ("a: {shape: json, url: URL, url_file: b}", "no address, or two"),
        ("a: {shape: slack, url: URL, secret_file: b}", "slack checks no signature"),
        ("a: {shape: json, ulr: URL}", "'chats.a.ulr' is no setting (did you mean url?)"),
        ("a: {shape: json, url: URL, internal: maybe}", "chats.a.internal"),
        ("a: {shape: json, url: URL, of: acme}", "chats.a.of: 'acme' is no domain of mail addresses"),
        ("a: {shape: json, url: URL, of: uwe@acme.example}", "write what stands behind the @: acme.example"),
        ("a: {shape: json, url: URL, of: [acme.example]}", "chats.a.of"),
        ("mail: {shape: json, url: URL}", "another name than mail"),
        ("A B: {shape: json, url: URL}", "chats.…: a chat has another name"),
        ("URL: {shape: json, ulr: x}", "chats.…"),
        ("a: URL", "chats.a"),
        ("a: {shape: json, url: [URL]}", "chats.a.url"),
    ],
)
def test_a_chat_that_cannot_be_is_refused_without_repeating_its_secret(
    tmp_path: Path, chat: str, complaint: str
) -> None:
    said = refused(tmp_path, f"chats: {{{chat}}}\n".replace("URL", f'"{CHAT}"'))
    assert complaint in said and "SECRET" not in said


@pytest.mark.parametrize(
    "url",
    [
        "hooks.acme.example", "ftp://a.example", "https://", "https://a:b@c.example/SECRET",
        "https://a.example/#SECRET", "https://a.example/SECRET x", "https://a.example:65536/SECRET",
        "https://[::1/SECRET", "https://ä.example/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_of_a_webhook_is_refused(tmp_path: Path, url: str) -> None:
    said = refused(tmp_path, f"chats:\n  a:\n    shape: json\n    url: '{url}'\n    internal: yes\n")
    assert "cadence.yaml:2: chats.a: its url is no address of a webhook" in said and "SECRET" not in said


def test_only_an_internal_chat_goes_without_tls(tmp_path: Path) -> None:
    chat = "chats: {a: {shape: json, url: 'http://hub.acme.example/SECRET', internal: %s}}"
    assert load(written(tmp_path, chat % "yes")).chats["a"].internal
    said = refused(tmp_path, chat % "no")
    assert "its url has no TLS" in said and "SECRET" not in said


def test_settings_that_are_printed_show_no_address_of_a_chat(tmp_path: Path) -> None:
    settings = load(written(tmp_path, f"chats: {{a: {{shape: json, url: '{CHAT}'}}}}"))
    assert "SECRET" not in repr(settings) + settings.model_dump_json()


def test_links_in_letters_open_their_forms_for_thirty_days_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")).web.link_days == 30
    assert load(written(tmp_path, "web: {link_days: 7}\n")).web.link_days == 7
    for days in ("0", "401", "a week"):
        assert "web.link_days" in refused(tmp_path, f"web:\n  link_days: {days}\n")


def test_a_token_takes_the_place_of_a_password_and_its_file_lies_beside_the_settings(tmp_path: Path) -> None:
    said = "{host: mail.acme.example, user: cadence@acme.example, token_file: token}"
    settings = load(written(tmp_path, f"replies: {said}\nmail: {said.replace('{', '{sender: c@acme.example, ')}"))
    assert settings.replies.token_file == settings.mail.token_file == tmp_path / "token"
    command = load(written(tmp_path, f"replies: {said.replace('token_file: token', 'token_command: mint --for c')}"))
    assert command.replies.token_command == "mint --for c"


# Where the database is, for who only looks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data: elsewhere\n",
        "database: sqlite:///other.db\n",
        "data: /srv/x/../cadence\ndatabase: sqlite:////srv/cadence.db\n",
        "database: postgresql+psycopg://cadence@host/cadence\nmail:\n  sender: cadence@acme.example\n",
        "database:\ndata:\nhorizon_days: 30\n",
        "# nothing but a comment\n",
    ],
)
def test_the_database_is_told_without_the_rest_and_is_the_same(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cadence.yaml"
    path.write_text(text, encoding="utf-8")
    assert database(path) == load(path).database


@pytest.mark.parametrize(
    "text",
    [
        "databse: sqlite:///other.db\n",
        "database: oracle://host/cadence\n",
        "database: 'sqlite:///:memory:'\n",
        "data: a\ndata: b\n",
        "data: [a, b]\n",
        "- a\n- b\n",
        "database: {a: b}\n",
        "\tdata: a\n",
        "data: 'a\n",
    ],
)
def test_where_that_is_not_plain_everything_that_is_wrong_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cadence.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsFault) as whole:
        load(path)
    with pytest.raises(SettingsFault) as looked:
        database(path)
    assert (looked.value.what, looked.value.hint) == (whole.value.what, whole.value.hint)


def test_every_setting_is_known_to_who_only_looks() -> None:
    assert tuple(Settings.model_fields) == KEYS


# Webhooks of programs -----------------------------------------------------------------------------------------------


def test_a_webhook_of_a_program_has_its_key_beside_the_settings_and_hears_everything_unless_it_says_less(
    tmp_path: Path,
) -> None:
    text = "webhooks:\n  erp:\n    url: https://erp.acme.example/x\n    secret_file: erp.key\n"
    hook = load(written(tmp_path, text)).webhooks["erp"]
    assert (hook.secret_file, hook.events, hook.organisation, hook.actor_level) == (
        tmp_path / "erp.key",
        (),
        None,
        False,
    )
    assert load(written(tmp_path, "webhooks:\n")).webhooks == {}


@pytest.mark.parametrize(
    ("hook", "complaint"),
    [
        ("a: {url: URL}", "its receiver could not tell whose posts they are"),
        ("a: {secret_file: k}", "no address, or two"),
        ("a: {url: URL, secret_file: k, events: [review.planned]}", "webhooks.a.events"),
        ("a: {url: URL, secret_file: k, organisation: acme, actor_level: yes}", "leave actor_level: out"),
        ("a: {url: URL, secret_file: k, event: [x]}", "(did you mean events?)"),
        ("a: {url: 'http://erp.acme.example/SECRET', secret_file: k}", "its url has no TLS"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_without_repeating_its_secret(
    tmp_path: Path, hook: str, complaint: str
) -> None:
    said = refused(tmp_path, f"webhooks: {{{hook}}}\n".replace("URL", f'"{CHAT}"'))
    assert complaint in said and "SECRET" not in said


def test_the_monitor_is_an_address_or_a_block(tmp_path: Path) -> None:
    alone = load(written(tmp_path, "monitor: https://hc-ping.com/SECRET\n")).monitor
    block = load(written(tmp_path, "monitor:\n  url_file: ping.url\n  internal: yes\n")).monitor
    assert alone and alone.url and alone.url.get_secret_value() == "https://hc-ping.com/SECRET"
    assert block and block.url_file == tmp_path / "ping.url" and block.internal
    assert load(written(tmp_path, "monitor:\n")).monitor is None


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("monitor: http://hc-ping.com/SECRET", "its url has no TLS"),
        ("monitor: hc-ping.com/SECRET", "its url is no address of a monitor"),
        ("monitor: {internal: yes}", "has no address, or two"),
        ("monitor: {url: 'https://a.example/x', secret_file: k}", "'monitor.secret_file' is no setting"),
    ],
)
def test_what_is_no_monitor_is_refused(tmp_path: Path, said: str, what: str) -> None:
    told = refused(tmp_path, said)
    assert what in told and "SECRET" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[one, two]", "cadence.yaml:1: the file: keys with values belong here"),
        ("horizon_days: [1]", "horizon_days: a whole number belongs here"),
        ("horizon_days: soon", "horizon_days: this is no whole number"),
        ("log: text", "log: keys with values belong here"),
        ("operators: ines.falk@acme.example", "operators: a list belongs here"),
        ("web: {listen: [127.0.0.1]}", "web.listen: words belong here"),
        ("web: {gzip: perhaps}", "web.gzip: this says neither yes nor no"),
    ],
)
def test_a_value_of_another_kind_is_told_in_plain_words(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text)


def test_brackets_in_brackets_are_no_settings_however_many(tmp_path: Path) -> None:
    """Read in Python they take a quarter of a minute."""
    assert "cadence.yaml:1: this is not YAML" in refused(tmp_path, "web: " + "[{" * 30_000)


def test_each_key_of_many_that_stands_twice_is_told(tmp_path: Path) -> None:
    many = [f"k{number}: x" for number in range(5_000)]
    assert "cadence.yaml:5001: k7 stands twice" in refused(tmp_path, "\n".join([*many, many[7]]))


def test_aliases_of_aliases_are_no_settings_however_few_bytes_they_take(tmp_path: Path) -> None:
    lists = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 50)}]" for n in range(1, 7))]
    blocks = [
        "b0: &b0 {x: y}",
        *(f"b{n}: &b{n} {{{', '.join(f'k{i}: *b{n - 1}' for i in range(50))}}}" for n in range(1, 7)),
    ]
    for bomb in (lists, blocks):
        assert "no plain UTF-8 text of a few keys" in refused(tmp_path, "\n".join(bomb))


def test_a_bracket_that_is_never_closed_is_told_at_a_line_that_is_there(tmp_path: Path) -> None:
    assert "cadence.yaml:1: this is not YAML" in refused(tmp_path, "{")


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_a_line_that_ends_where_no_editor_shows_it_is_refused(tmp_path: Path, end: str) -> None:
    """The line of a fault below it would be another than people see."""
    assert "no plain UTF-8 text" in refused(tmp_path, f'data: "a{end}b"\nhorizon_days: soon\n')
