"""`litellm/<provider>/<model>`: any model that litellm reaches, called in this process.

litellm translates the request for the provider; waiting, retrying and counting stay Inspect's.
It takes seconds to import, so that is done when such a model is first made.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelCall,
    ModelOutput,
    RetryDecision,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from rich.markup import escape

from providers.litellm.errors import as_told, output_of_error, refuses_key, retry_decision
from providers.litellm.reply import read_reply
from providers.litellm.request import (
    body_of,
    check_arguments,
    check_config,
    messages_of,
    settings_of,
    settings_sent,
)
from ratings.errors import DataError, DataMissingError
from scorers.inspect_adapter.asking import user_errors

# Fetched from the network on import otherwise: prices, and names of experimental headers.
_LOCAL_FILES = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS")


class LitellmAPI(ModelAPI):
    """Calls a model through litellm.

    `--model-base-url` and `-M api_key=` go to litellm as they are; without a key litellm looks
    for the provider's own variable, such as `OPENAI_API_KEY`. Any other `-M` argument goes to
    `litellm.acompletion`, but for the few that are Inspect's to decide.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        **model_args: object,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        with user_errors():
            check_arguments(model_args)
            check_config(config)
            self._litellm = import_litellm()
            _check_model(self._litellm, model_name, base_url, model_args)
        self._arguments = model_args

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput | tuple[ModelOutput, ModelCall]:
        """Ask once; what may pass is raised for a retry, everything else reported in one line.

        A question longer than the model's context and one that a provider's policy blocks are
        answers without text, stopped by `model_length` and `content_filter`.
        """
        with user_errors():
            if tools:
                raise DataError("litellm/ asks without tools; take litellm-proxy/ for them")
            check_config(config)
            messages = messages_of(input)
        seen: dict[str, Any] = {}
        # What a log may show: not the key, nor arguments that may hold one.
        request = {"model": self.model_name, "messages": messages, **settings_of(config)}
        try:
            reply = await self._litellm.acompletion(
                **request, **self._connection(), logger_fn=seen.update
            )
        except Exception as error:
            output = output_of_error(self.model_name, error)
            if output is not None:
                return output, ModelCall.create(request, {"error": str(error)})
            if retry_decision(error):
                raise
            message = f"litellm/{self.model_name}: {as_told(error)}"
            raise PrerequisiteError(escape(message)) from None
        found = reply.model_dump(warnings=False)
        sent = settings_sent(settings_of(config), body_of(seen))
        logged = {"model": self.model_name, "messages": messages, **sent}
        return read_reply(found), ModelCall.create(logged, found)

    def _connection(self) -> dict[str, object]:
        """Where and as whom to ask. Retries are Inspect's, which see the rate limit that way."""
        own = {"api_base": self.base_url, "api_key": self.api_key}
        given = {name: value for name, value in own.items() if value is not None}
        return {**self._arguments, **given, "num_retries": 0, "max_retries": 0}

    def should_retry(self, ex: BaseException) -> RetryDecision:
        """Rate limits, timeouts, broken connections and errors of the server."""
        return retry_decision(ex)

    def is_auth_failure(self, ex: Exception) -> bool:
        """Whether the provider refused the key."""
        return refuses_key(ex)

    def connection_key(self) -> str:
        """One pool for a key, a place and a model."""
        return f"litellm:{self.initial_api_key}:{self.base_url}:{self.model_name}"


def import_litellm() -> ModuleType:
    """The litellm package, quiet and without a download of its own.

    Raises:
        DataMissingError: when it is missing or broken.
    """
    for name in _LOCAL_FILES:
        os.environ[name] = "True"
    try:
        litellm = import_module("litellm")
    except ImportError as error:
        raise DataMissingError(
            f"litellm cannot be imported ({error}); install it: pip install 'litellm>=1.108'"
        ) from error
    # it prints advice on every error otherwise
    litellm.suppress_debug_info = True  # type: ignore[attr-defined]
    return litellm


def _check_model(
    litellm: ModuleType, model_name: str, base_url: str | None, arguments: Mapping[str, object]
) -> None:
    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise DataError(f"--model-base-url must start with http:// or https://, found {base_url!r}")
    try:
        litellm.get_llm_provider(
            model=model_name,
            custom_llm_provider=arguments.get("custom_llm_provider"),
            api_base=base_url,
        )
    except Exception as error:
        raise DataError(
            f"litellm knows no provider for {model_name!r}; name it before the model, "
            f"such as litellm/openai/{model_name}"
        ) from error
