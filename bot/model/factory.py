"""Opens the chat model that the settings name: the only place that knows providers."""

from __future__ import annotations

from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.errors import ModelSettingError
from ingest.settings import Settings

_EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
"""Provider to the extra of this package that brings its client."""


def says_end(settings: Settings) -> bool:
    """Whether the provider is known to say why a reply ended."""
    return settings.model.partition(":")[0] in _EXTRAS


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The model, bounded in time and tokens, without retries of its own.

    Raises ModelSettingError where the provider's package is missing, its key is not set, or the name means nothing.
    """
    provider = settings.model.partition(":")[0]
    try:
        model = init_chat_model(settings.model, **_options(provider, settings))
    except ImportError as error:
        raise ModelSettingError(_missing(provider, settings.model)) from error
    except Exception as error:  # each provider's client has errors of its own
        raise ModelSettingError(
            f"CUPWISE_MODEL is '{settings.model}', which can't be opened ({_short(error)}). Write it as "
            "provider:model, such as openai:gpt-4.1-mini, and set the provider's key; or unset it to quote the library."
        ) from error
    if not isinstance(model, BaseChatModel):
        raise ModelSettingError(f"CUPWISE_MODEL is '{settings.model}', which names no single model.")
    return model


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    bounds: dict[str, Any]
    if provider == "ollama":
        bounds = {"num_predict": settings.model_max_tokens, "client_kwargs": {"timeout": settings.model_timeout_s}}
    else:
        bounds = {"max_tokens": settings.model_max_tokens, "timeout": settings.model_timeout_s, "max_retries": 0}
    if provider == "openai":
        bounds["stream_usage"] = True
    if settings.model_url:
        bounds["base_url"] = settings.model_url
        if provider == "openai":
            bounds["api_key"] = settings.model_key or "none"
    elif settings.model_key:
        bounds["api_key"] = settings.model_key
    return {**bounds, **settings.model_options}


def _missing(provider: str, model: str) -> str:
    extra = _EXTRAS.get(provider)
    install = f"pip install 'cupwise[{extra}]'" if extra else f"pip install langchain-{provider}"
    return (
        f"CUPWISE_MODEL is '{model}', but the package for {provider} is not installed. "
        f"Run `{install}`, or unset CUPWISE_MODEL to quote the library."
    )


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
