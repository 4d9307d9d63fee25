"""A rater's name says what makes it another rater, and nothing that is secret."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.board.board import read_board
from leaderboard.exports.formats import FORMATS, export
from leaderboard.site.build import build_site
from leaderboard.store.collect import collect
from leaderboard.store.rater_names import HARMLESS_NUMBERS, HARMLESS_WORDS
from ratings.errors import DataError
from scorers.inspect_adapter.run_log import read_run
from tests.leaderboard.made_logs import choice_log, portrait_log


# The small logs of `indie_value` do for names: rows of `value_portrait` cost ten times as much.
def raters(folder: Path, *logs: Path) -> list[str]:
    store = folder / "board.duckdb"
    store.unlink(missing_ok=True)
    assert not collect(logs, store).left_out
    tables = read_board(store)["tables"]
    return sorted(row["rater"] for table in tables for row in table["rows"] if row["run"])


def everything(folder: Path, *logs: Path) -> str:
    """Whatever a store, a site and the exports of some logs say, in one text."""
    store = folder / "board.duckdb"
    store.unlink(missing_ok=True)
    collect(logs, store)
    texts = [store.read_bytes().decode("latin-1")]
    with duckdb.connect(str(store), read_only=True) as connection:
        for (table,) in connection.execute("SHOW TABLES").fetchall():
            texts.append(str(connection.execute(f'SELECT * FROM "{table}"').fetchall()))
    board = read_board(store)
    texts.append(json.dumps(board))
    build_site(board, folder / "site")
    board["tables"] = [{**table, "synthetic": False} for table in board["tables"]]
    for format in FORMATS:
        try:
            export(board, format, folder / format)
        except DataError:
            continue
    for path in [*folder.rglob("*")]:
        if path.is_file() and path.suffix not in (".eval", ".duckdb"):
            texts.append(f"{path.relative_to(folder)} {path.read_text(encoding='utf-8')}")
    return "\n".join(texts)


names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=9).map("zqzq{}zqzq".format)
secrets = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_./+=", min_size=3, max_size=30).map(
    "Zqzq{}qzqZ".format
)
long_secrets = st.text("abcdefghij0123456789", min_size=25, max_size=40).map("Zqzq{}qzqZ".format)
values = (
    secrets
    | st.lists(secrets, min_size=1, max_size=2)
    | st.dictionaries(names, secrets, min_size=1)
)


@settings(max_examples=5)
@given(
    given_=st.dictionaries(names, values, min_size=1, max_size=3),
    harmless=st.dictionaries(st.sampled_from((*HARMLESS_NUMBERS, *HARMLESS_WORDS)), long_secrets),
    solver=st.dictionaries(names, secrets, min_size=1, max_size=2),
)
def test_no_unknown_argument_is_in_anything_that_is_written(
    tmp_path_factory: pytest.TempPathFactory,
    given_: dict[str, Any],
    harmless: dict[str, str],
    solver: dict[str, str],
):
    """Neither its name nor its value, nor the value of a known one that is no number or word."""
    folder = tmp_path_factory.mktemp("secrets")
    logs = [
        choice_log(folder / "a.eval", "openai/m", people=3, model_args={**given_, **harmless}),
        choice_log(folder / "b.eval", people=3, solver="me/own", solver_args=solver),
        choice_log(folder / "c.eval", people=3, solver="benchmarks/random", solver_args=solver),
    ]
    text = everything(folder, *logs)
    assert "openai/m" in text
    assert "zqzq" not in text.casefold()  # long enough to be in no random id


CREDENTIALS = ("api_key", "bearer", "pat", "github_pat", "auth_token", "password", "passphrase",
               "client_secret", "default_headers", "cookie", "credentials")  # fmt: skip


def test_new_credentials_make_no_other_rater(tmp_path: Path):
    """All at once: were one of them part of the rater, there would be two."""
    logs = [
        choice_log(
            tmp_path / f"{value}.eval", "openai/m", day, day=day, people=3,
            model_args=dict.fromkeys(CREDENTIALS, value),
        )
        for day, value in enumerate(("hunter2", "hunter3"))
    ]  # fmt: skip
    assert raters(tmp_path, *logs) == ["openai/m"]


def test_long_and_folded_personas_are_one_short_line_each_and_distinct(tmp_path: Path):
    personas = ["A nurse.", "A\nnurse.", "A  nurse.", "A nurse. " * 400, "A nurse. " * 401]
    logs = [
        portrait_log(tmp_path / f"{k}.eval", "openai/m", k, items=4, arguments={"persona": text})
        for k, text in enumerate(personas)
    ]
    collect(logs, tmp_path / "board.duckdb")
    found = [part["rater"] for part in read_board(tmp_path / "board.duckdb")["apart"]]
    assert len(set(found)) == len(personas)
    assert "openai/m (persona=A nurse.)" in found
    assert all("\n" not in name and len(name) < 130 for name in found)


def test_harmless_arguments_are_shown_and_others_are_hashed(tmp_path: Path):
    arguments: list[dict[str, Any]] = [
        {}, {"seed": 3}, {"quantization": "awq", "dtype": "bfloat16"}, {"anything": 1},
        {"anything": 2}, {"extra": {"deep": 1}},
    ]  # fmt: skip
    logs = [
        choice_log(tmp_path / f"{k}.eval", "vllm/a/b", k, people=3, model_args=given)
        for k, given in enumerate(arguments)
    ]
    found = raters(tmp_path, *logs)
    assert len(set(found)) == 6
    assert {"vllm/a/b", "vllm/a/b (seed=3)", "vllm/a/b (quantization=awq, dtype=bfloat16)"} < set(
        found
    )
    assert sum("(other arguments #" in name for name in found) == 3


def test_an_address_is_shown_as_a_hash_without_its_user_and_query(tmp_path: Path):
    addresses = (
        "https://me:hunter2@one.example/v1?token=abc123", "https://one.example/v1",
        "https://you:other@one.example/v1?x=1", "https://two.example/v1",
    )  # fmt: skip
    logs = [
        choice_log(
            tmp_path / f"{k}.eval", "openai/m", k, people=3, day=k, model_args={"server": address}
        )
        for k, address in enumerate(addresses)
    ]
    found = raters(tmp_path, *logs)
    assert len(found) == 2
    assert "example" not in str(found)


MESSAGES = (
    "Incorrect API key provided: sk-proj-Zq12****qZ99.",
    "Error code: 401 - {'Authorization': 'Bearer Zq0.eyJhbGciOiJI.qZ'}",
    "POST https://Zqme:ZqhunterqZ@host.example/v1?key=ZqabcqZ failed",
    "OPENAI_API_KEY=Zq-secret-qZ is not valid; HF_TOKEN: Zq_hf_qZ",
    "password is 'Zqhunter2qZ'",
    "connection reset while sending eyJhbGciOiJIUzI1NiJ9.Zq1dWIiOiIxMjM0NTY3ODkwIn0.dozqz",
    "cannot use the value ZqplainqZ",
)


@pytest.mark.parametrize("message", MESSAGES)
def test_an_error_is_kept_without_what_is_secret(message: str, tmp_path: Path):
    log = portrait_log(
        tmp_path / "log.json", "openai/m", status="error", items=4,
        model_args={"anything": "ZqplainqZ"},
    )  # fmt: skip
    found = json.loads(log.read_text(encoding="utf-8"))
    found["error"] = {"message": message, "traceback": "", "traceback_ansi": ""}
    log.write_text(json.dumps(found), encoding="utf-8")
    collect([log], tmp_path / "board.duckdb")
    (apart,) = read_board(tmp_path / "board.duckdb")["apart"]
    assert "failed" in apart["why"]
    assert "zq" not in apart["why"].casefold(), apart["why"]


def test_an_error_in_words_stays_as_it_is(tmp_path: Path):
    log = portrait_log(tmp_path / "log.json", "openai/m", status="error", items=4)
    found = json.loads(log.read_text(encoding="utf-8"))
    message = "Connection error: the server closed the connection after 30 seconds (HTTP 503)."
    found["error"] = {"message": message, "traceback": "", "traceback_ansi": ""}
    log.write_text(json.dumps(found), encoding="utf-8")
    collect([log], tmp_path / "board.duckdb")
    assert message in read_board(tmp_path / "board.duckdb")["apart"][0]["why"]


FOLDERS = [
    (("vllm//runs/llama-sft/checkpoint-500", "vllm//runs/llama-dpo/checkpoint-500"),
     ["vllm/.../llama-dpo/checkpoint-500", "vllm/.../llama-sft/checkpoint-500"]),
    (("hf//runs/a/deep/final/", "hf//runs/b/deep/final"),
     ["hf/.../a/deep/final", "hf/.../b/deep/final"]),
    (("hf/C:\\models\\one\\m", "hf/C:\\models\\two\\m\\"), ["hf/.../one/m", "hf/.../two/m"]),
    (("vllm/~/one/m", "vllm/./two/m", "vllm//three/m"),
     ["vllm/.../one/m", "vllm/.../three/m", "vllm/.../two/m"]),
    (("decoder/one/best", "decoder//two/best"), ["decoder/.../one/best", "decoder/.../two/best"]),
    (("vllm//runs/m", "vllm//runs/m/", "vllm//runs//./m"), ["vllm/m"]),
    (("vllm//runs/m", "vllm/meta/m", "hf//other/m"), ["hf/m", "vllm/m", "vllm/meta/m"]),
]  # fmt: skip


@pytest.mark.parametrize(("models", "names"), FOLDERS)
def test_folders_of_one_name_are_shown_with_the_ends_of_their_paths(
    models: tuple[str, ...], names: list[str], tmp_path: Path
):
    logs = [
        choice_log(tmp_path / f"{k}.eval", model, k, people=3, day=k, model_args={"seed": 1})
        for k, model in enumerate(models)
    ]
    assert raters(tmp_path, *logs) == [f"{name} (seed=1)" for name in names]
    assert raters(tmp_path, *logs[::-1]) == [f"{name} (seed=1)" for name in names]


def test_no_home_folder_is_shown_and_a_hash_where_nothing_else_differs(tmp_path: Path):
    logs = [
        choice_log(tmp_path / f"{k}.eval", f"hf//home/{user}/best", k, people=3)
        for k, user in enumerate(("ann", "bob"))
    ]
    found = raters(tmp_path, *logs)
    assert len(set(found)) == 2
    assert all(name.startswith("hf/.../best#") for name in found)
    text = everything(tmp_path, *logs)
    assert "home/ann" not in text
    assert "/bob" not in text


@pytest.mark.parametrize(
    ("noted", "name"),
    [
        (["temperature"], "openai/m (temperature not sent)"),
        (["temperature", "top_p"], "openai/m (temperature not sent, top_p not sent)"),
        ([], "openai/m"),
        (None, "openai/m"),
        (["unknown"], "openai/m"),
        ("temperature", "openai/m"),
        ([1, None], "openai/m"),
    ],
)
def test_what_was_not_sent_is_said(noted: Any, name: str, tmp_path: Path):
    log = choice_log(tmp_path / "log.json", "openai/m", people=3)
    found = json.loads(log.read_text(encoding="utf-8"))
    found["eval"]["model_generate_config"] = {"temperature": 0.0} if noted else {}
    for sample in found["samples"]:
        if noted is not None:
            sample["scores"]["statement_choices"]["metadata"]["not_sent"] = noted
    log.write_text(json.dumps(found), encoding="utf-8")
    if noted and name == "openai/m":
        name = "openai/m (temperature=0.0)"
    assert read_run(log).complete
    assert raters(tmp_path, log) == [name]
