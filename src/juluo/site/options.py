"""Every setting there is. Each may be given in the environment (`JULUO_…`) or in `juluo.toml` in the data folder.

The documentation of each is in docs/settings.md; a test fails when one is missing there.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class SettingsWrong(ValueError):
    """A setting that cannot be used. Settings choose the language, so this speaks both: what is wrong and what to write instead."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


class Options(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="JULUO_", extra="ignore")

    data_dir: Path = Field(default_factory=lambda: Path.home() / ".juluo")
    host: str = "127.0.0.1"
    port: int = 8020
    public_url: str = ""
    proxies: int = 0
    mail_url: str = ""
    mail_from: str = ""
    secret_key: str = ""
    debug: bool = False
    language: Literal["zh-hans", "en"] = "zh-hans"
    time_zone: str = "Asia/Shanghai"
    database_url: str = ""
    lake_url: str = ""
    lake_memory: str = "600MB"
    workers: int = 1
    upload_limit: int = 20 * 2**30
    sample: bool = True

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError) as unknown:
            raise ValueError("no such time zone") from unknown
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = Path(os.environ.get("JULUO_DATA_DIR") or Path.home() / ".juluo")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, folder / "juluo.toml")


def given() -> Options:
    """The settings as given. Raises `SettingsWrong`, naming the setting but never its value: it may be a secret."""
    try:
        return Options()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise SettingsWrong(
            f"设置 JULUO_{name.upper()} 的值不能用（{first['msg']}）。应该怎么写，见 docs/settings.md 的「{name}」。",
            f"The value of JULUO_{name.upper()} cannot be used ({first['msg']}). See `{name}` in docs/settings.md for what it may be.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise SettingsWrong(
            f'数据目录里的 juluo.toml 读不懂（{broken}）。每行写一项，文字加引号，例如 language = "en"。',
            f'juluo.toml in the data folder cannot be read ({broken}). One setting a line, text in quotes, such as language = "en".',
        ) from None
    except OSError as closed:
        raise SettingsWrong(
            f"数据目录里的 juluo.toml 打不开（{closed.strerror}）。请检查它的权限。",
            f"juluo.toml in the data folder cannot be opened ({closed.strerror}). Check its permissions.",
        ) from None
