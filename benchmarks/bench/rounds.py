"""Interleaved runs: in every round each program runs once, in turns, so that a busy machine hits all alike."""

from dataclasses import dataclass, field
from statistics import median

from . import answers, bindings, programs

EVENTS, CALLBACK, CALL = "libakool events", "libakool callback", "libakool call"
REFERENCE, SOCKETS, HANDOVER = "reference", "sockets", "handover"


@dataclass
class Plan:
    """How much is run."""

    in_flight: tuple = (1, 16, 64, 256, 1024, 4000)
    rounds: int = 3
    calls: int = 20000
    calls_one_by_one: int = 5000
    binding_calls: int = 8000

    def calls_at(self, in_flight):
        return self.calls_one_by_one if in_flight == 1 else max(self.calls, 2 * in_flight)

    def warm_up_at(self, in_flight):
        return max(500, 2 * in_flight)


def quick():
    """A few seconds, to see that everything runs."""
    return Plan(in_flight=(1, 64, 4000), rounds=1, calls=3000, calls_one_by_one=500, binding_calls=300)


@dataclass
class Results:
    """Every figure of every run: `runs[program, in_flight]` is a list with one entry a round."""

    runs: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def series(self, program, in_flight, measure):
        return [measure(run) for run in self.runs.get((program, in_flight), []) if run]

    def median(self, program, in_flight, measure):
        series = self.series(program, in_flight, measure)
        return median(series) if series else None

    def ratio(self, ours, reference, measure):
        """The median of the ratios of each round; `ours` and `reference` are (program, in_flight)."""
        pairs = zip(self.runs.get(ours, []), self.runs.get(reference, []))
        ratios = [measure(a) / measure(b) for a, b in pairs if a and b and measure(b)]
        return median(ratios) if ratios else None


def calls_per_second(run):
    return run["calls"] / run["seconds"]


def cpu_us(run):
    return (run["user_us"] + run["system_us"]) / run["calls"]


def p50_us(run):
    return run["p50_us"]


def p99_us(run):
    return run["p99_us"]


def configuration(url, **more):
    return answers.compact({"base_url": url, "api_key": "bench", **more})


def measure(plan, url, report=lambda text: None):
    """Runs everything `plan.rounds` times."""
    results = Results()
    others = bindings.available(results.problems)
    for number in range(plan.rounds):
        for in_flight in plan.in_flight:
            report(f"round {number + 1} of {plan.rounds}: {in_flight} in flight")
            order = _programs(in_flight)
            for program in order if number % 2 == 0 else reversed(order):
                _run_once(results, plan, program, in_flight, url)
        for in_flight in bindings.IN_FLIGHT:
            report(f"round {number + 1} of {plan.rounds}: bindings, {in_flight} in flight")
            for program in others if number % 2 == 0 else reversed(others):
                calls = plan.binding_calls // (4 if in_flight == 1 else 1)
                work = (url, in_flight, calls, calls // 4)
                _note(results, program, in_flight, lambda: bindings.run(program, others[program], *work))
    return results


def _programs(in_flight):
    ours = [EVENTS, CALLBACK, CALL] if in_flight == 1 else [EVENTS, CALLBACK]
    references = [REFERENCE, SOCKETS, HANDOVER]
    if not programs.library_exists():
        return references
    # Those that are compared with each other are neighbours.
    return [SOCKETS, EVENTS, REFERENCE, CALLBACK, *ours[2:], HANDOVER]


def _run_once(results, plan, program, in_flight, url):
    name, _, mode = program.partition(" ")
    target = configuration(url) if name == "libakool" else url
    arguments = [target, in_flight, plan.calls_at(in_flight), plan.warm_up_at(in_flight), *([mode] if mode else [])]
    _note(results, program, in_flight, lambda: programs.run(name, *arguments))


def _note(results, program, in_flight, begin):
    try:
        run = begin()
    except programs.ProgramError as error:
        results.problems.append(str(error))
        run = None
    results.runs.setdefault((program, in_flight), []).append(run)
