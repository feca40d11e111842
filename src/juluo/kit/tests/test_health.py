"""Checks of the installation."""

from juluo.kit import health
from juluo.kit.registry import Registry


def test_a_check_that_breaks_is_a_finding_and_hides_no_other(monkeypatch):
    def broken():
        raise RuntimeError("x")

    shelf: Registry[health.Check] = Registry("health check")
    shelf.add(health.Check("a", "甲", broken))
    shelf.add(health.Check("b", "乙", lambda: health.ok("好")))
    monkeypatch.setattr(health, "checks", shelf)

    found = health.examined()

    assert [finding.state for _, finding in found] == ["bad", "ok"]


def test_a_finding_carries_what_fills_its_blanks():
    finding = health.warn("还剩 %(free).1f GB。", "请腾出空间。", free=1.25)

    assert finding.sentence % dict(finding.facts) == "还剩 1.2 GB。"
