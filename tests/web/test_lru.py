"""What is kept in memory is bounded, and what was asked for longest ago goes first."""

from scheduler.web.lru import Memory


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    memory: Memory[str, str] = Memory(2)
    memory.keep("ines", "Falk")
    memory.keep("dev", "Patel")
    assert memory.get("ines") == "Falk"
    memory.keep("tom", "Reyes")
    assert (memory.get("ines"), memory.get("dev"), memory.get("tom")) == ("Falk", None, "Reyes")


def test_weights_count_and_what_is_kept_anew_counts_once() -> None:
    memory: Memory[str, bytes] = Memory(10, weigh=len)
    for _ in range(5):
        memory.keep("feed", b"12345")
    memory.keep("other", b"12345")
    assert memory.get("feed") and memory.get("other")
    memory.keep("third", b"1")
    assert memory.get("feed") is None and memory.get("other") == b"12345"


def test_one_value_is_kept_however_heavy_it_is() -> None:
    memory: Memory[str, bytes] = Memory(3, weigh=len)
    memory.keep("small", b"1")
    memory.keep("large", b"12345")
    assert memory.get("large") == b"12345" and memory.get("small") is None


def test_what_is_forgotten_leaves_room() -> None:
    memory: Memory[str, bytes] = Memory(4, weigh=len)
    memory.keep("ines", b"12")
    memory.forget("ines")
    memory.forget("ines")
    memory.keep("dev", b"1234")
    assert memory.get("ines") is None and memory.get("dev") == b"1234"
