import json
import math

import numpy as np

from ratings.output.json_values import json_object, json_value


def test_numbers_that_are_not_finite_are_null_at_any_depth():
    assert json_value([(math.inf, 1.5), {"a": np.float64("nan")}]) == [[None, 1.5], {"a": None}]


def test_numbers_of_numpy_are_written_as_those_of_python():
    found = json_object({3: np.int64(7), "b": {"c": [np.bool_(True), np.float32(0.5)]}})
    assert json.dumps(found) == '{"3": 7, "b": {"c": [true, 0.5]}}'


def test_each_text_is_treated_keys_too():
    assert json_value({"a": ["b", 1, None]}, str.upper) == {"A": ["B", 1, None]}
