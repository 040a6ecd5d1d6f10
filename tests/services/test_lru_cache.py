"""What is kept in cache is bounded, and what was asked for longest ago goes first."""

from scheduler.services.lru_cache import LruCache


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache: LruCache[str, str] = LruCache(2)
    cache.keep("ines", "Falk")
    cache.keep("dev", "Patel")
    assert cache.get("ines") == "Falk"
    cache.keep("tom", "Reyes")
    assert (cache.get("ines"), cache.get("dev"), cache.get("tom")) == ("Falk", None, "Reyes")


def test_weights_count_and_what_is_kept_anew_counts_once() -> None:
    cache: LruCache[str, bytes] = LruCache(10, weigh=len)
    for _ in range(5):
        cache.keep("feed", b"12345")
    cache.keep("other", b"12345")
    assert cache.get("feed") and cache.get("other")
    cache.keep("third", b"1")
    assert cache.get("feed") is None and cache.get("other") == b"12345"


def test_one_value_is_kept_however_heavy_it_is() -> None:
    cache: LruCache[str, bytes] = LruCache(3, weigh=len)
    cache.keep("small", b"1")
    cache.keep("large", b"12345")
    assert cache.get("large") == b"12345" and cache.get("small") is None


def test_what_is_forgotten_leaves_room() -> None:
    cache: LruCache[str, bytes] = LruCache(4, weigh=len)
    cache.keep("ines", b"12")
    cache.forget("ines")
    cache.forget("ines")
    cache.keep("dev", b"1234")
    assert cache.get("ines") is None and cache.get("dev") == b"1234"
