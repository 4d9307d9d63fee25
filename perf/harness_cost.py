"""Cost of the task over a bare Inspect task that makes the same calls and scores nothing.

    python perf/harness_cost.py [--items 520] [--rounds 5]

Three runs alternate, each in a process of its own, with a model that answers at once: the task
itself, the bare task (one sample an item, six calls a sample), and the same calls as one sample
each. Printed: wall times and peak memory of each run, and the ratios of their medians.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

KINDS = ("task", "bare", "one_sample_a_call")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=520)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kind", choices=KINDS, help="run one kind in this process")
    arguments = parser.parse_args()
    if arguments.kind:
        print(json.dumps(run(arguments.kind, arguments.items)))
        return
    measured: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for turn in range(arguments.rounds):
        for kind in KINDS if turn % 2 == 0 else reversed(KINDS):
            command = [sys.executable, __file__, "--kind", kind, "--items", str(arguments.items)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            measured[kind].append(json.loads(done.stdout.splitlines()[-1]))
    report(measured)


def run(kind: str, items: int) -> dict[str, float]:
    """Wall seconds of one evaluation and peak memory of its process in MiB."""
    from inspect_ai import eval as inspect_eval

    from benchmarks.value_portrait.task import value_portrait

    model = instant_model()
    task = {"task": value_portrait, "bare": bare, "one_sample_a_call": one_sample_a_call}[kind]
    with tempfile.TemporaryDirectory() as folder:
        built = task()
        built.dataset = built.dataset[: items if kind != "one_sample_a_call" else items * 6]
        start = time.perf_counter()
        (log,) = inspect_eval(built, model=model, log_dir=folder, display="none")
        seconds = time.perf_counter() - start
        assert log.status == "success", log.error
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "mebibytes": peak}


def instant_model():
    """A model that answers at once, whatever it is asked."""
    from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, get_model, modelapi

    @modelapi(name="instant")
    class Instant(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            output = ModelOutput.from_content("instant", "somewhat like me")
            output.usage = ModelUsage()
            return output

        def max_connections(self):
            return 1000

    return get_model("instant/instant")


def bare():
    """The same items and the same six calls an item, concurrently; nothing is kept or scored."""
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import get_model
    from inspect_ai.solver import solver

    from benchmarks._together import together
    from ratings.instruments.value_portrait import VARIANTS

    prompts = rendered()

    @solver
    def six_calls():
        async def solve(state, generate):
            model = get_model()
            await together(
                [lambda v=v: model.generate(prompts[state.sample_id, v]) for v in VARIANTS]
            )
            return state

        return solve

    instances = list(dict.fromkeys(instance for instance, _ in prompts))
    samples = [Sample(id=instance, input=prompts[instance, "v1"]) for instance in instances]
    return Task(dataset=MemoryDataset(samples), solver=six_calls())


def one_sample_a_call():
    """The same calls, each a sample of its own."""
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.solver import generate

    samples = [Sample(id=f"{i}/{v}", input=text) for (i, v), text in rendered().items()]
    return Task(dataset=MemoryDataset(samples), solver=generate())


def rendered() -> dict[tuple[str, str], str]:
    """Every prompt of the instrument by instance and variant."""
    from ratings.instruments.value_portrait import (
        VARIANTS,
        load_instrument,
        load_prompts,
        render_prompt,
    )

    prompts = load_prompts()
    return {
        (str(instance), variant): render_prompt(prompts[variant, bool(item["title"])], item)
        for instance, item in load_instrument().items.iterrows()
        for variant in VARIANTS
    }


def report(measured: dict[str, list[dict[str, float]]]) -> None:
    """Print each run, and the ratios round by round."""
    for kind, runs in measured.items():
        seconds = ", ".join(f"{run['seconds']:.2f}" for run in runs)
        memory = ", ".join(f"{run['mebibytes']:.0f}" for run in runs)
        print(f"{kind}: wall {seconds} s; peak memory {memory} MiB")
    for rival in ("bare", "one_sample_a_call"):
        for unit in ("seconds", "mebibytes"):
            ratios = [
                mine[unit] / other[unit]
                for mine, other in zip(measured["task"], measured[rival], strict=True)
            ]
            print(
                f"task / {rival}, {unit}: median {statistics.median(ratios):.3f} "
                f"(from {np.min(ratios):.3f} to {np.max(ratios):.3f})"
            )


if __name__ == "__main__":
    main()
