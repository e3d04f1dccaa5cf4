"""A secret is made once, for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from childcare_api.embedded.kept_secrets import kept_secret


def test_a_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "data", "api-password")
    assert len(first) == 40
    assert kept_secret(tmp_path / "data", "api-password") == first
    assert kept_secret(tmp_path / "data", "other-password") != first
    assert stat.S_IMODE((tmp_path / "data" / "api-password").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_an_operator_may_put_a_secret_of_his_own(tmp_path: Path) -> None:
    (tmp_path / "demo-password").write_text("của tôi\n", encoding="utf-8")
    assert kept_secret(tmp_path, "demo-password") == "của tôi"


def test_two_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    for number in range(20):
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(lambda _, n=number: kept_secret(tmp_path, f"secret-{n}"), range(8)))
        assert len(answers) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
