"""Settings of the house: limits and sizes, each to be set as `SHUXIANG_NAME`."""

from __future__ import annotations

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 1 << 20


class Settings(BaseSettings):
    """Limits and sizes; the environment variable `SHUXIANG_<NAME>` overrides a default."""

    model_config = SettingsConfigDict(env_prefix="SHUXIANG_", frozen=True)

    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    batch_files: int = Field(default=200, ge=1, description="files in a batch, at most")
    batch_bytes: int = Field(default=4 * MEGABYTE, ge=1, description="bytes in a batch, at most")
    pool_from_bytes: int = Field(
        default=6 * MEGABYTE, description="start worker processes only for more work than this"
    )
    max_file_bytes: int = Field(default=16 * MEGABYTE, description="a larger file is no report")
    max_archive_bytes: int = Field(default=2048 * MEGABYTE, description="unpacked, at most")
    max_archive_members: int = Field(default=200_000, description="members of one archive, at most")
    max_archive_ratio: float = Field(default=250.0, description="unpacked by packed, at most")
    seconds_a_document: float = Field(default=3.0, gt=0, description="CPU time for any document")
    seconds_a_megabyte: float = Field(default=2.0, gt=0, description="CPU time for each MB more")
    memory: str = Field(default="1GB", description="memory of the DuckDB that builds")
    keep_builds: int = Field(default=2, ge=1, description="published builds kept")
    verify_bytes: int = Field(
        default=1024 * MEGABYTE, description="stored bytes whose checksum each run tests, in turn"
    )
    dask: str | None = Field(default=None, description="address of a Dask scheduler")
