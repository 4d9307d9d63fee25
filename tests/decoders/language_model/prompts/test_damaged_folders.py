"""Decoders' folders that are damaged, of another version, or not what they say they are."""

import json
import math
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")
pytest.importorskip("peft", reason="needs the extra: decoders")

from safetensors.torch import load_file, save_file

from decoders.language_model.checkpoint import ABOUT, RATINGS, About, Checkpoint, save_checkpoint
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.training.recipes import recipe_named
from decoders.loaded import load_decoder
from evals.cli.main import main
from ratings.errors import DataError

WEIGHTS, ADAPTERS = "model.safetensors", "adapter_model.safetensors"
PLAIN = replace(recipe_named("tiny-llama"), calibrated_on=0.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A decoder with all its weights, and one with adapters; both load."""
    made = {}
    for name, recipe in {"plain": PLAIN, "adapted": replace(PLAIN, lora_rank=2)}.items():
        folder = tmp_path_factory.mktemp("whole") / name
        tokenizer = make_tokenizer(recipe, ["yes no maybe never"])
        about = About(
            kind=RATINGS,
            recipe=recipe,
            template_sha256=template_sha256(recipe.answer, recipe.chat, RATINGS),
            data="planted",
            data_sha256="0" * 64,
            card_revision=None,
            representation="groundtruth",
            seed=0,
            temperature=1.5,
        )
        model = make_model(recipe, tokenizer, 0)
        save_checkpoint(folder, Checkpoint(model, tokenizer, about))
        load_decoder(folder)
        made[name] = folder
    return made


def about_with(**entries: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        found = json.loads((folder / ABOUT).read_text())
        (folder / ABOUT).write_text(json.dumps({**found, **entries}))

    return change


def settings_with(name: str, **entries: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        found = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps({**found, **entries}))

    return change


def weights_with(change: Callable[[dict[str, Any], str], None], position: int = 0):
    """Change one of the weights, whatever they are called."""

    def write(folder: Path) -> None:
        path = folder / (ADAPTERS if (folder / ADAPTERS).exists() else WEIGHTS)
        found = load_file(path)
        change(found, sorted(found)[position])
        save_file(found, path, metadata={"format": "pt"})

    return write


def filled(value: float) -> Callable[[dict[str, Any], str], None]:
    def change(found: dict[str, Any], name: str) -> None:
        found[name] = found[name].clone()
        found[name].view(-1)[-1] = value

    return change


def without(found: dict[str, Any], name: str) -> None:
    del found[name]


def reshaped(found: dict[str, Any], name: str) -> None:
    found[name] = torch.zeros(3, 5)


def another(found: dict[str, Any], name: str) -> None:
    found["base_model.of.another.weight"] = torch.zeros(2)


class Explodes:
    """What a pickle can do when it is read."""

    def __reduce__(self):
        return (pytest.fail, ("code of the checkpoint ran",))


def pickled(folder: Path) -> None:
    for path in folder.glob("*.safetensors"):
        (folder / f"{path.stem.replace('model', 'pytorch_model')}.bin").write_bytes(
            pickle.dumps(Explodes())
        )
        path.unlink()


def cut(folder: Path) -> None:
    for path in folder.glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def bringing_code(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        if not (folder / name).exists():
            (folder / name).write_text("{}")
        settings_with(name, auto_map={"AutoModelForCausalLM": "own.Own"})(folder)
        (folder / "own.py").write_text("raise SystemExit('code of the checkpoint ran')")

    return change


DAMAGE: list[tuple[str, Callable[[Path], None], str]] = [
    ("a missing weight", weights_with(without), "lacks the weight"),
    ("the last weight missing", weights_with(without, -1), "lacks the weight"),
    ("another weight", weights_with(another), "another"),
    ("another shape", weights_with(reshaped), ""),
    ("NaN", weights_with(filled(math.nan)), "not finite in its weight"),
    ("NaN in the last", weights_with(filled(math.nan), -1), "not finite in its weight"),
    ("infinity", weights_with(filled(math.inf)), "not finite in its weight"),
    ("minus infinity", weights_with(filled(-math.inf)), "not finite in its weight"),
    *(
        (f"temperature {value!r}", about_with(temperature=value), "temperature must be a number")
        for value in (0, 0.0, -1, math.nan, math.inf, -math.inf, None, "1", True, [1], 10**400)
    ),
    ("a pickle", pickled, "pickled weights"),
    ("cut weights", cut, "cannot be loaded: "),
    (
        "no weights",
        lambda folder: [p.unlink() for p in folder.glob("*.safetensors")],
        "it has no .safetensors file",
    ),
    *(
        (f"code named in {name}", bringing_code(name), "brings code of its own")
        for name in ("config.json", "tokenizer_config.json", "adapter_config.json")
    ),
    ("a newer version", about_with(version=2), "is of version 2, and this reads version 1"),
    ("a version of text", about_with(version="1"), "this reads version 1"),
    ("another kind", about_with(kind="moods"), "kind must be ratings or statements"),
    ("a list for its recipe", about_with(recipe=[1]), "recipe: must be a mapping, found [1]"),
    ("a number for its data", about_with(data=3), "data is of another kind"),
    ("an entry too many", about_with(more=1), "does not describe a decoder"),
    ("no JSON", lambda folder: (folder / ABOUT).write_text("{"), "does not describe a decoder"),
    ("a list", lambda folder: (folder / ABOUT).write_text("[]"), "does not describe a decoder"),
    ("depth", lambda folder: (folder / ABOUT).write_text("[" * 200_000), "does not describe"),
    ("no text", lambda folder: (folder / ABOUT).write_bytes(b"\xff\xfe"), "does not describe"),
]


def refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_decoder(folder)
    line = str(caught.value)
    assert "\n" not in line
    assert folder.name in line
    assert len(line) < 700
    return line


@pytest.mark.parametrize("kind", ["plain", "adapted"])
def test_what_is_wrong_with_a_folder_is_named(kind: str, whole: dict[str, Path], tmp_path: Path):
    for number, (what, damage, message) in enumerate(DAMAGE):
        folder = tmp_path / f"damaged-{number}"
        shutil.copytree(whole[kind], folder)
        damage(folder)
        assert message in refused(folder), what


def test_no_prompt_asks_whether_code_may_run(
    whole: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("somebody was asked"))
    folder = tmp_path / "code"
    shutil.copytree(whole["plain"], folder)
    bringing_code("config.json")(folder)
    settings_with("config.json", model_type="of-its-own")(folder)
    assert "brings code of its own" in refused(folder)


@pytest.mark.parametrize(
    "command",
    [
        ["vinfo", "planted", "--family", "decoder/{}"],
        ["decoders", "soup", "{}", "{}", "--out", "soup", "--data", "planted"],
    ],
)
def test_commands_say_so_with_their_exit_code(
    command: list[str], whole: dict[str, Path], tmp_path: Path, monkeypatch, capsys
):
    folder = tmp_path / "damaged"
    shutil.copytree(whole["plain"], folder)
    about_with(temperature=0)(folder)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main([part.format(folder) for part in command])
    printed = capsys.readouterr()
    assert caught.value.code in (2, 3), printed.err
    assert "Traceback" not in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def damaged(path: Path, draw: np.random.Generator) -> None:
    """Something that happens to files: cut, emptied, filled with others' bytes, or removed."""
    content = path.read_bytes()
    match int(draw.integers(6)):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(content[: int(draw.integers(len(content)))])
        case 2:
            path.write_bytes(b"")
        case 3:
            at = int(draw.integers(len(content)))
            path.write_bytes(content[:at] + draw.bytes(8) + content[at + 8 :])
        case 4:
            path.write_bytes(draw.bytes(200))
        case _:
            values = ["null", "[]", "{}", "3", '"x"', "[" * 100_000, '{"a": {"a": {}}}']
            path.write_text(values[int(draw.integers(len(values)))])


@pytest.mark.slow
def test_whatever_happens_to_a_file_is_one_line(
    whole: dict[str, Path], tmp_path: Path, in_full: bool
):
    try_damages(whole, tmp_path, 400 if in_full else 40)


def try_damages(whole: dict[str, Path], tmp_path: Path, count: int) -> None:
    """A damaged folder loads all the same, or is refused in one line."""
    draw = np.random.default_rng(20)
    refusals: list[str] = []
    for number in range(count):
        kind = ("plain", "adapted")[number % 2]
        folder = tmp_path / f"damaged-{number}"
        shutil.copytree(whole[kind], folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        damaged(files[int(draw.integers(len(files)))], draw)
        try:
            load_decoder(folder)
        except DataError as error:
            refusals.append(str(error))
        shutil.rmtree(folder)
    assert len(refusals) > count // 4
    assert not [line for line in refusals if "\n" in line]
