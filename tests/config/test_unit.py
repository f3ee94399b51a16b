"""The unit for systemd, as it is shipped.

The service reaches its own machine alone; whatever else it needs is written by the host
into a file of its own.
"""

from __future__ import annotations

import ipaddress
import re

from tests.house.plan import ROOT

SERVER = ROOT / "docs" / "how-to" / "server"
FOR_DOCUMENTS = ipaddress.ip_network("192.0.2.0/24")


def told(file: str, name: str) -> list[str]:
    """Return what a file sets under a name, in order."""
    return re.findall(rf"^{name}=(.*)$", (SERVER / file).read_text(), re.M)


def test_the_service_reaches_its_own_machine_alone() -> None:
    assert told("securebase.service", "IPAddressDeny") == ["any"]
    assert told("securebase.service", "IPAddressAllow") == ["localhost"]


def test_what_else_it_reaches_is_an_example_that_reaches_nobody() -> None:
    allowed = told("reach.conf", "IPAddressAllow")

    assert allowed
    assert all(ipaddress.ip_address(one) in FOR_DOCUMENTS for one in allowed)
