"""From which address a request came, behind however many proxies of our own."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


def networks(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks named by addresses or prefixes; raises ValueError for what is neither."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts)


def client_address(peer: str | None, forwarded_for: str, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address that counts for limits.

    X-Forwarded-For is read from the right, and only as far as the proxies that wrote it are ours: everything to the
    left of the first stranger is the stranger's own claim.
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
    return address


def _valid(text: str | None) -> str | None:
    try:
        return str(ip_address(text or ""))
    except ValueError:
        return None


def _is_one_of(address: str, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(ip_address(address) in network for network in trusted)
