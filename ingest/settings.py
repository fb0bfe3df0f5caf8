"""The one place that reads the environment and `cupwise.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """All settings. Each can be set as `CUPWISE_NAME` or as `name` in `cupwise.toml`."""

    model_config = SettingsConfigDict(env_prefix="CUPWISE_", toml_file="cupwise.toml", extra="ignore")

    data: Path = Field(Path(".cupwise"), description="folder of the index and its state")
    corpus: Path = Field(Path("corpus/documents"), description="folder of the documents")
    questions: Path = Field(Path("corpus/questions"), description="folder of the labelled questions")
    embedding_model: str = Field("", description="path or hub name; empty: the packaged all-MiniLM-L6-v2")
    passage_words: int = Field(150, ge=20, le=170, description="most words in a passage")
    reranker: str = Field("", description="path or hub name of a CrossEncoder; empty: none")
    model: str = Field("", description="chat model as init_chat_model takes it; empty: quote mode")
    model_url: str = Field("", description="base URL of the model's server; empty: the provider's own")
    model_key: str = Field("", repr=False, description="key of the model's server; empty: the provider's own setting")
    model_options: dict[str, Any] = Field({"temperature": 0}, description="further options of the model, as JSON")
    model_timeout_s: float = Field(30.0, gt=0, description="seconds that a model may take for one answer")
    model_max_tokens: int = Field(500, ge=50, description="most tokens of a model's reply")
    model_concurrency: int = Field(4, ge=1, description="most calls to the model at once")
    model_tokens_per_day: int = Field(1_000_000, ge=0, description="most tokens in 24 hours; 0: no limit")
    nli_model: str = Field("", description="path or hub name of an NLI CrossEncoder as a second check; empty: none")
    chroma_url: str = Field("", description="a Chroma server on a private network; empty: embedded")
    country: str = Field("", description="ISO 3166 code for emergency numbers; empty: 112 or the local number")
    curator_password: str = Field("", description="without it there is no Curator page")
    keep_versions: int = Field(5, ge=1, description="versions of the index to keep")
    max_document_mb: float = Field(20.0, gt=0, description="largest document accepted, in megabytes")
    max_unpacked_mb: float = Field(100.0, gt=0, description="most that a DOCX or EPUB may unpack to, in megabytes")
    max_document_chars: int = Field(5_000_000, ge=1000, description="longest text of one document, in characters")
    max_document_pages: int = Field(2000, ge=1, description="most pages of one PDF")
    max_question_chars: int = Field(4000, ge=100, description="longest question read, in characters")
    questions_per_minute: int = Field(30, ge=1, description="most questions a minute from one client address")
    record_feedback: bool = Field(False, description="store feedback and unanswered questions, masked")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before `cupwise.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
