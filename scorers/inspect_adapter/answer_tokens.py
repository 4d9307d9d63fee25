"""The tokens of an answer with their log-probabilities, as a provider gave them to Inspect."""

from inspect_ai.model import ContentReasoning, ModelOutput

from scorers.answers.log_probabilities import answer_start, checked_logprobs

AnswerToken = tuple[str, dict[str, float] | None]


def answer_tokens(output: ModelOutput) -> list[AnswerToken]:
    """Each token of an answer, behind the model's thoughts, with the likeliest ones there.

    Returns:
        Text and log-probabilities, of the token itself and of its alternatives; None in place of
        log-probabilities that are none. Empty where the provider gave none, or where it cannot be
        known at which token the answer begins.
    """
    if not output.choices or output.choices[0].logprobs is None:
        return []
    listed = output.choices[0].logprobs.content or []
    content = output.choices[0].message.content
    reasoned = not isinstance(content, str) and any(
        isinstance(part, ContentReasoning) for part in content
    )
    start = answer_start([token.token for token in listed], output.completion, reasoned)
    if start is None:
        return []
    return [
        (
            token.token,
            checked_logprobs(
                {top.token: top.logprob for top in token.top_logprobs or []}
                | {token.token: token.logprob}
            ),
        )
        for token in listed[start:]
    ]
