"""From which address a request came, behind however many proxies of our own."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_INTERFACE_BITS = 64


def networks(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks named by addresses or prefixes; raises ValueError for what is neither."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts)


def client_address(peer: str | None, forwarded_for: str, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address that counts for limits.

    X-Forwarded-For is read from the right, and only as far as the proxies that wrote it are ours: everything to the
    left of the first stranger is the stranger's own claim. An IPv6 subscriber has a whole /64 and could take another
    address for every guess, so the network counts.
    """
    address = _valid(peer)
    if address is None:
        return "0.0.0.0"  # noqa: S104 - stands for "unknown", nothing is bound to it
    hops = forwarded_for.split(",") if forwarded_for else []
    while hops and _is_one_of(address, trusted):
        claimed = _valid(hops.pop().strip())
        if claimed is None:
            break
        address = claimed
    return str(address if isinstance(address, IPv4Address) else _network_of(address))


def _valid(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        # A socket that listens on both families shows an IPv4 caller like this.
        return address.ipv4_mapped
    return address


def _network_of(address: IPv6Address) -> IPv6Address:
    return IPv6Address(int(address) >> _INTERFACE_BITS << _INTERFACE_BITS)


def _is_one_of(address: IPv4Address | IPv6Address, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in trusted)
