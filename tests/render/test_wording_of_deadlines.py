"""When a last day ends, as it is told to somebody whose clock may be another one."""

from datetime import date

from scheduler.render.wording import end_of_day_words

DAY = date(2027, 4, 5)


def test_a_last_day_is_told_on_the_readers_clock_with_the_zone_in_which_it_is_counted() -> None:
    for reader in ("Europe/Berlin", "Europe/Madrid", None):
        assert end_of_day_words(DAY, "Europe/Berlin", reader) == "the end of Mon 5 Apr 2027 (Europe/Berlin)"
    assert end_of_day_words(DAY, "Europe/Berlin", "America/Detroit") == (
        "Mon 5 Apr 2027, 18:00 (America/Detroit), which is the end of Mon 5 Apr 2027 in Europe/Berlin"
    )
    assert end_of_day_words(DAY, "Europe/Berlin", "Asia/Tokyo").startswith("Tue 6 Apr 2027, 07:00 (Asia/Tokyo)")
