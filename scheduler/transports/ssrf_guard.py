"""Which network addresses are somebody's in the open internet, and which are inside: of this machine, of a network
around it, of the cloud that it runs in."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_GLOBAL_UNICAST = ip_network("2000::/3")
"""All that IANA gives out of IPv6 to be reached from anywhere."""
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 seen from a network of IPv6 only (RFC 6052)."""
_INSIDE = (
    ip_network("192.0.0.0/24"),  # for protocols (RFC 6890); some clouds answer their machines there
    ip_network("192.88.99.0/24"),  # the relay of 6to4, withdrawn (RFC 7526)
    ip_network("168.63.129.16/32"),  # public by its number; in one cloud it is the machine's own host
)


def is_public(address: str) -> bool:
    """Whether the address is a single host's in the open internet. What carries another address is judged by that.

    Raises ValueError for what is no address.
    """
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return _is_public(found)
    carried = _carried(found)
    if carried is not None:
        return _is_public(carried)
    return found in _GLOBAL_UNICAST and found.is_global and not found.is_multicast


def _is_public(address: IPv4Address) -> bool:
    is_one_host = not (address.is_multicast or address.is_reserved or address.is_unspecified)
    return address.is_global and is_one_host and not any(address in network for network in _INSIDE)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
