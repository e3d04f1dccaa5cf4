"""Whose X-Forwarded-For counts."""

import pytest

from childcare_api.access.addresses import client_address, networks

UNKNOWN = "0.0.0.0"  # noqa: S104 - nothing is bound to it
OURS = networks(["10.0.0.0/8", "192.0.2.7", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("192.0.2.7", "198.51.100.1,10.0.0.2 , 10.3.2.1", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, not-an-address", "10.0.0.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::"),
        ("fd00::1", "2001:DB8:0::1", "2001:db8::"),
        (None, "198.51.100.1", UNKNOWN),
        ("testclient", "198.51.100.1", UNKNOWN),
    ],
)
def test_only_our_own_proxies_are_believed_from_the_right(peer, forwarded_for, expected):
    assert client_address(peer, forwarded_for, OURS) == expected


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "", "2001:db8:1:2::"),
        ("fd00::1", "2001:db8:1:2:a:b:c:d", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::"),
    ],
)
def test_of_ipv6_the_network_counts_for_its_subscriber_has_as_many_addresses_as_guesses(peer, forwarded_for, expected):
    assert client_address(peer, forwarded_for, OURS) == expected


def test_without_proxies_of_ours_nobody_is_believed():
    assert client_address("10.0.0.1", "198.51.100.1", ()) == "10.0.0.1"


@pytest.mark.parametrize("text", ["nonsense", "10.0.0.0/99", ""])
def test_a_setting_that_is_no_network_is_refused(text):
    with pytest.raises(ValueError, match="does not appear to be"):
        networks([text])
