"""Where the installation keeps its rows, as its settings say."""

import pytest

from juluo.site import settings


def database(monkeypatch, url):
    monkeypatch.setattr(settings.OPTIONS, "database_url", url)
    return settings._database()


def test_without_a_setting_everything_is_in_one_file_of_the_data_folder(monkeypatch):
    found = database(monkeypatch, "")

    assert found["ENGINE"].endswith("sqlite3")
    assert found["NAME"].parent == settings.DATA_DIR


def test_a_database_url_may_carry_what_postgresqls_own_carry(monkeypatch):
    found = database(monkeypatch, "postgresql://juluo:p%40ss%2Fword@db.example:6432/house?sslmode=require")

    assert (found["USER"], found["PASSWORD"]) == ("juluo", "p@ss/word")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6432", "house")
    assert found["OPTIONS"] == {"connect_timeout": "10", "sslmode": "require"}


def test_a_database_may_be_behind_a_unix_socket(monkeypatch):
    found = database(monkeypatch, "postgresql:///house?host=/var/run/postgresql&user=juluo")

    assert (found["HOST"], found["USER"], found["NAME"], found["PORT"]) == ("/var/run/postgresql", "juluo", "house", "")


@pytest.mark.parametrize("url", ["mysql://root@localhost/house", "postgresql://juluo@localhost", "house"])
def test_another_kind_of_url_is_refused_with_an_example(monkeypatch, url):
    with pytest.raises(ValueError, match="postgresql://user"):
        database(monkeypatch, url)
