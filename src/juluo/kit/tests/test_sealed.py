"""Secrets in the database."""

import pytest

from juluo.kit.sealed import SealBroken, seal, unseal


def test_a_sealed_secret_can_be_read_again_and_does_not_show():
    sealed = seal("微信的令牌")

    assert unseal(sealed) == "微信的令牌"
    assert "令牌" not in sealed


def test_the_same_secret_is_sealed_differently_each_time():
    assert seal("x") != seal("x")


@pytest.mark.parametrize("damaged", ["", "x", "gAAAAA", "é"])
def test_what_we_did_not_seal_is_refused(damaged):
    with pytest.raises(SealBroken):
        unseal(damaged)


def test_another_installations_seal_is_refused(settings):
    sealed = seal("x")
    settings.SECRET_KEY = "another"

    with pytest.raises(SealBroken):
        unseal(sealed)
