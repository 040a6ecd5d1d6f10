"""A token comes from a file or a command; what goes wrong is said without the token and without what was printed."""

import sys
from pathlib import Path

import pytest

from scheduler.transports.oauth import TokenError, access_token, xoauth2


def printing(what: str) -> str:
    return f'{sys.executable} -c "print({what!r})" --secret'


def test_a_token_is_read_from_its_file_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("ya29.first\n")
    assert access_token(file, None) == "ya29.first"
    file.write_text("ya29.second")
    assert access_token(file, None) == "ya29.second"


def test_a_token_is_what_a_command_prints() -> None:
    assert access_token(None, printing("ya29.token")) == "ya29.token"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/token --secret", "cannot be run"),
        (f'{sys.executable} -c "import sys; sys.exit(3)" --secret', "ended with 3"),
        (printing("two words"), "is no access token"),
        (printing("two\\nlines"), "is no access token"),
        (printing(""), "is no access token"),
        (printing("x" * 20_000), "is no access token"),
    ],
)
def test_a_command_that_prints_no_token_is_named_without_its_arguments(command: str, said: str) -> None:
    with pytest.raises(TokenError) as raised:
        access_token(None, command)
    assert said in raised.value.what and "--secret" not in raised.value.what and "words" not in raised.value.what


def test_a_file_that_holds_no_token_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="cannot be read"):
        access_token(tmp_path / "nowhere", None)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(TokenError, match="no text"):
        access_token(tmp_path / "bytes", None)


def test_what_is_said_to_the_server_is_as_its_makers_write_it() -> None:
    said = xoauth2("someuser@acme.example", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")
    assert said == "user=someuser@acme.example\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01"
