"""A trained decoder reading raters: how likely each choice is, by names of rater and instance."""

from collections.abc import Sequence

import numpy as np

from decoders.language_model.checkpoint import Checkpoint
from decoders.language_model.prompts.encoder import Encoder
from decoders.language_model.scoring import log_probabilities, probabilities
from ratings.arrays import FloatArray
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.instances import instances_of
from ratings.errors import DataError
from ratings.prepared import load_prepared
from ratings.representations.names import parse_representation


class RatingReader:
    """Predicts ratings of a data set with the representation that a checkpoint was trained with."""

    def __init__(self, name: str, checkpoint: Checkpoint, data: str) -> None:
        """Load the data set and the representation of its raters.

        Args:
            name: of the decoder, for errors.
            checkpoint: of the kind `ratings`.
            data: name of the data set, or path of one's own ratings.

        Raises:
            DataError: when the checkpoint was trained on other data.
        """
        about = checkpoint.about
        prepared, _ = load_prepared(data, about.seed)
        found = prepared.data
        if data_sha256(found) != about.data_sha256:
            raise DataError(
                f"{name} was trained on {about.data} ({about.data_sha256[:12]}) and is asked about "
                f"{found.name} ({data_sha256(found)[:12]}): train it on these data"
            )
        self._checkpoint = checkpoint
        self._given = prepared.given(parse_representation(about.representation))
        instances = instances_of(found)
        self._encoder = Encoder(checkpoint.tokenizer, instances, about.recipe)
        self._instances = {name: at for at, name in enumerate(instances.names)}
        self._raters = {str(one): at for at, one in enumerate(found.table.raters.index)}

    def read(self, asked: Sequence[tuple[str | None, str]]) -> list[FloatArray]:
        """Probabilities of the choices of each pair of a rater and an instance, by name.

        Args:
            asked: where nothing is given the rater is None, as all are predicted alike.
        """
        about = self._checkpoint.about
        raters = [0 if rater is None else self._raters[rater] for rater, _ in asked]
        instances = np.array([self._instances[instance] for _, instance in asked], dtype=np.intp)
        prompts = self._encoder.to_predict(self._given, np.array(raters, dtype=np.intp), instances)
        found = log_probabilities(
            self._checkpoint.model, prompts, about.recipe.columns, about.recipe.precision
        )
        return list(probabilities(found, about.temperature))
