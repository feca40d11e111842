"""Every setting there is. Each may be given in the environment (`JULUO_…`) or in `juluo.toml` in the data folder.

The documentation of each is in docs/settings.md; a test fails when one is missing there.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


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
