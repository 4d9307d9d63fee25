"""What one run asks about: the data, who is asked about, which turns, and what is known."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from inspect_ai.dataset import Sample

from benchmarks.prism._known import (
    NOTHING_KNOWN,
    RATINGS,
    SILENT,
    EarlierReplies,
    Known,
    parse_known,
    render_person,
)
from benchmarks.prism._prompt import Turns, render_prompts
from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS
from ratings.preferences.turns import (
    Halves,
    PreferenceTurn,
    participants_in_halves,
    preference_turns,
)
from ratings.prism.generator import SAMPLE_CARD
from ratings.prism.prism import CARD, PUBLISHED, SAMPLE, Prism, load_prism
from scorers.preferences.noise_ceiling import repeat_noise
from scorers.scores.manifests import manifest_of

CARDS = {PUBLISHED: CARD, SAMPLE: SAMPLE_CARD}
TURNS = ("opening", "all")
SUBSETS = ("all", "balanced")


@dataclass(frozen=True)
class Setup:
    """Arguments that say what is asked of whom, and what is known of them.

    Attributes:
        data: `published`, `sample`, or the absolute path of a folder.
        known: the canonical name of what is given.
        turns: `opening` or `all`.
        subset: `all` conversations, or the `balanced` ones.
        seed: of the split, the order of the replies and the order of what is asked.
    """

    data: str
    known: str
    turns: str
    subset: str
    seed: int

    def as_metadata(self) -> dict[str, Any]:
        """The setup as plain data, for the metadata of a sample."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Material:
    """The data of a setup, the turns that can be asked, and what is known."""

    setup: Setup
    prism: Prism
    halves: Halves
    known: Known
    turns: Sequence[PreferenceTurn]

    @cached_property
    def by_id(self) -> Mapping[str, PreferenceTurn]:
        """The turns by their ids."""
        return {turn.id: turn for turn in self.turns}

    @cached_property
    def earlier(self) -> EarlierReplies:
        """What participants scored before."""
        return EarlierReplies(self.prism)

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, str | None]]:
        """By participant the group in each field that the manifest compares; None for no answer."""
        fields = sorted({g for f in manifest_of("prism").scores.values() for g in f.groups})
        rows = self.prism.survey[fields].astype(object).to_dict("index")
        return {
            str(name): {
                str(field): value if isinstance(value, str) and value != SILENT else None
                for field, value in row.items()
            }
            for name, row in rows.items()
        }

    @cached_property
    def _people(self) -> Mapping[str, str]:
        rows = self.prism.survey.astype(object).to_dict("index")
        return {
            str(name): render_person({str(c): value for c, value in row.items()}, self.known)
            for name, row in rows.items()
        }

    @cached_property
    def _chosen(self) -> Mapping[str, list[tuple[int, str, str]]]:
        """By conversation the turns in order: number, message, reply that it went on with."""
        frame = self.prism.utterances
        frame = frame[frame["if_chosen"].eq(True)].sort_values("turn", kind="stable")
        frame = frame.drop_duplicates(["conversation_id", "turn"])
        out: dict[str, list[tuple[int, str, str]]] = {}
        for conversation, *said in zip(
            frame["conversation_id"].astype(str), frame["turn"].tolist(), frame["user_prompt"],
            frame["model_response"], strict=True,
        ):  # fmt: skip
            out.setdefault(conversation, []).append((int(said[0]), str(said[1]), str(said[2])))
        return out

    def history(self, turn: PreferenceTurn) -> Turns:
        """Message and chosen reply of each turn before one, in the same conversation."""
        if turn.turn == 0:
            return []
        said = self._chosen.get(turn.conversation, [])
        return [(message, reply) for number, message, reply in said if number < turn.turn]

    def known_of(self, turn: PreferenceTurn) -> str:
        """What is known of a participant when a turn is asked about."""
        parts = [self._people[turn.participant]]
        if RATINGS in self.known.kinds:
            rows = self.earlier.rows(turn.participant, turn.conversation, self.known.ratings)
            if rows:
                parts.append(f"Replies that they scored earlier:\n\n{self.earlier.render(rows)}")
        return "\n\n".join(part for part in parts if part) or NOTHING_KNOWN

    def prompts(self, templates: Mapping[str, str], turn: PreferenceTurn) -> dict[str, str]:
        """The question about a turn, by the way in which the answer is asked for."""
        return render_prompts(
            templates, self.known_of(turn), self.history(turn), turn.prompt, turn.texts
        )

    def samples(self, people: int | None, conversations: int | None) -> list[Sample]:
        """A sample for each turn of some test participants, who are in random order.

        Args:
            people: how many of them at most.
            conversations: how many of each one's, at most; drawn by the seed.

        Raises:
            DataError: when nothing can be asked.
        """
        position = {one: n for n, one in enumerate(self.halves.test[:people])}
        names = pd.Index(self.prism.conversations.index.astype(str))
        drawn = np.random.default_rng([self.setup.seed, 9]).permutation(len(names))
        draw = dict(zip(names, drawn.tolist(), strict=True))
        turns = sorted(
            (turn for turn in self.turns if turn.participant in position),
            key=lambda turn: (position[turn.participant], draw[turn.conversation], turn.turn),
        )
        taken: dict[str, dict[str, None]] = {}
        for turn in turns:
            taken.setdefault(turn.participant, {}).setdefault(turn.conversation)
        kept = {c for of in taken.values() for c in list(of)[:conversations]}
        found = [self._sample(turn) for turn in turns if turn.conversation in kept]
        if not found:
            raise DataError(
                f"data={self.setup.data}: no test participant has a turn in which a reply was "
                f"preferred"
            )
        return found

    def _sample(self, turn: PreferenceTurn) -> Sample:
        return Sample(
            id=turn.id,
            input=f"Participant {turn.participant}, conversation {turn.conversation}, turn "
            f"{turn.turn}: {len(turn.replies)} replies",
            target=[LETTERS[k - 1] for k in turn.preferred],
            metadata={
                "participant": turn.participant,
                "conversation": turn.conversation,
                "turn": turn.turn,
                "conversation_type": turn.conversation_type,
                "replies": list(turn.replies),
                "counts": [len(turn.replies)],
                "scores": list(turn.scores),
                "preferred": list(turn.preferred),
                "setup": self.setup.as_metadata(),
                **self.groups[turn.participant],
            },
        )

    def as_metadata(self, template_sha256: str) -> dict[str, Any]:
        """What the log says of the task."""
        noise, card = repeat_noise(self.prism.utterances), self.prism.card
        own = self.setup.data not in CARDS
        return {
            "card": card.id,
            "card_revision": self._digest() if own else card.revision,
            # A relative path is not told from a misspelt name by its looks.
            **({"own_data": True} if own else {}),
            "synthetic": card.synthetic,
            "notes": [*self.prism.notes, f"the ceiling is from {noise.source}"],
            "template_sha256": template_sha256,
            "answers_in_full": len(self.turns),
            "test_participants": len(self.halves.test),
            "noise": {"source": noise.source, "differences": noise.differences.tolist()},
        }

    def _digest(self) -> str:
        """A hash of who scored what how, for data without a revision."""
        rows = self.prism.utterances[["user_id", "turn", "score", "if_chosen"]]
        hashed = pd.util.hash_pandas_object(rows).to_numpy()
        return hashlib.sha256(hashed.tobytes()).hexdigest()[:16]


@lru_cache(maxsize=4)
def load_material(setup: Setup) -> Material:
    """The data of a setup; loaded once a process.

    Raises:
        DataError: when data are missing, or not what they should be, or of too few participants.
    """
    prism = load_prism(setup.data)
    halves = participants_in_halves(prism, setup.seed)
    asked = prism.balanced() if setup.subset == "balanced" else prism
    turns = preference_turns(asked, halves.test, setup.seed, opening=setup.turns == TURNS[0])
    return Material(setup, prism, halves, parse_known(setup.known), turns)


def material_of(metadata: Mapping[str, Any]) -> Material:
    """The data of a sample, by what its metadata says."""
    return load_material(Setup(**metadata["setup"]))
