"""What an epoch of a reasoner costs with shared prefixes, against one sequence for each probe.

    python perf/reasoner_cost.py [--people 4] [--threads 2]

People of the synthetic survey have 200 demonstrations each and are asked up to 39 probes. The
same probes are trained on twice in one run by the tiny Llama: once all probes of a person behind
one prefix, once each in a sequence of its own. Both take the same steps over the same people.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
import torch

from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.training.recipes import RECIPES, Recipe
from decoders.language_model.training.training import train
from decoders.reasoner.draw import draw_training_set
from decoders.reasoner.encoder import StatementEncoder, tokenizer_texts
from decoders.reasoner.to_learn import to_learn
from decoders.reasoner.training_plan import TrainingPlan
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.source import load_survey

PROBES = 39


def probes_of(people: int, recipe: Recipe) -> tuple[Prompts, StatementEncoder, object]:
    """The probes of the first people of a training set."""
    survey = load_survey("sample")
    plan = TrainingPlan("p", "200", 2, probes=PROBES)
    drawn = draw_training_set(survey, evaluation_sample(survey), plan)
    tokenizer = make_tokenizer(recipe, tokenizer_texts(survey.catalog, recipe))
    encoder = StatementEncoder(tokenizer, recipe)
    prompts = to_learn(encoder, drawn, recipe.context)
    return prompts.take(np.flatnonzero(prompts.prefix_of < people)), encoder, tokenizer


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=4, choices=range(1, 8))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = replace(RECIPES["tiny-llama"], batch=PROBES, calibrated_on=0.0)
    prompts, _, tokenizer = probes_of(arguments.people, recipe)
    print(
        f"{arguments.people} people, {len(prompts)} probes, {arguments.threads} threads", flush=True
    )
    found = {}
    for share in (PROBES, 1):
        model = make_model(recipe, tokenizer, 0)
        started, busy = time.perf_counter(), time.process_time()
        trained = train(model, prompts, replace(recipe, share=share), 0)
        took = time.perf_counter() - started, time.process_time() - busy
        found[share] = (trained.tokens, *took)
        print(
            f"{share:>2} probes behind a prefix: {trained.tokens:9,} tokens   {took[0]:6.1f} s   "
            f"processor {took[1]:6.1f} s   {len(trained.losses)} steps",
            flush=True,
        )
    ratios = [apart / shared for shared, apart in zip(found[PROBES], found[1], strict=True)]
    print("one by one against shared: {:.1f} times the tokens, {:.1f} times the time, {:.1f} times "
          "the processor's".format(*ratios))  # fmt: skip


if __name__ == "__main__":
    main()
