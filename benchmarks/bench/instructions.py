"""Instructions per call of the reference and of the library, for fixed work."""

from dataclasses import dataclass, field
from statistics import median

from . import answers, callgrind, programs

# Callgrind slows the programs down by a factor of 50 and more: no deadline of a real client ends a call here.
CONFIGURATION = {
    "api_key": "bench",
    "timeout_ms": 600_000,
    "connect_timeout_ms": 60_000,
    "attempt_timeout_ms": 600_000,
    "low_speed_time_ms": 600_000,
}
STYLES = ("events", "callback", "call")
IN_FLIGHT = (1, 64)


@dataclass(frozen=True, eq=False)
class Workload:
    """Work of one call. `sizes` has (measured calls, warm-up) by the number in flight."""

    name: str
    operation: str
    parameters: dict
    sizes: dict
    environment: dict = field(default_factory=dict)


WORKLOADS = (
    Workload("detail", "session.detail", {"id": answers.SESSION_ID}, {1: (400, 100), 64: (1280, 128)}),
    Workload(
        "create-and-close",
        "session.create",
        {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 600},
        {1: (100, 50), 64: (256, 128)},
    ),
    Workload(
        "list",
        "session.list",
        {"page": 1, "size": answers.PAGE_SIZE},
        {1: (60, 20), 64: (128, 64)},
        # With fastbins the reference has two modes, 7 % apart: malloc merges them often or not, as the heap fell out.
        {"GLIBC_TUNABLES": "glibc.malloc.mxfast=0"},
    ),
)


@dataclass(frozen=True)
class Row:
    """One comparison of the table."""

    workload: Workload
    in_flight: int
    style: str

    @property
    def name(self):
        return f"{self.workload.name}, {self.in_flight} in flight, {self.style}"

    @property
    def calls(self):
        return self.workload.sizes[self.in_flight][0]

    @property
    def reference(self):
        """The part that rows with the same run of the reference share."""
        return self.workload.name, self.in_flight


ROWS = tuple(Row(workload, number, style) for workload in WORKLOADS for number in IN_FLIGHT for style in STYLES)
MAIN = next(row for row in ROWS if row.reference == ("detail", 64) and row.style == "events")
QUICK = (
    MAIN,
    *(
        row
        for row in ROWS
        if row.in_flight == 1
        and (row.workload.name, row.style) in (("detail", "events"), ("create-and-close", "events"), ("detail", "call"))
    ),
)


class Figures:
    """Every measured run; a row's figure is the median of its runs."""

    def __init__(self, url):
        self.url = url
        self._library = {}
        self._reference = {}
        self._library_profiles = {}
        self._reference_profiles = {}

    def measure(self, rows, runs, report=lambda text: None):
        """Measures the reference and the library `runs` times for each row."""
        self.measure_reference(rows, runs, report)
        for number in range(runs):
            for row in rows:
                report(f"run {number + 1} of {runs}: {row.name}")
                profile = self._library_profiles[row] = self._run_library(row)
                self._note(self._library, row, profile, row)

    def measure_reference(self, rows, runs, report=lambda text: None):
        """Measures the reference `runs` times, once for all rows that share it."""
        for number in range(runs):
            for key, row in {row.reference: row for row in rows}.items():
                report(f"run {number + 1} of {runs}: reference, {row.name}")
                profile = self._reference_profiles[key] = self._run_reference(row)
                self._note(self._reference, key, profile, row)

    def figure(self, row):
        reference, library = self._reference[row.reference], self._library[row]
        return {
            "reference": median(reference),
            "library": median(library),
            "ratio": median(library) / median(reference),
            "reference_spread": _spread(reference),
            "library_spread": _spread(library),
            "reference_runs": reference,
            "library_runs": library,
            "calls": row.calls,
        }

    def by_name(self, rows):
        return {row.name: self.figure(row) for row in rows}

    def functions(self, row):
        """Self cost of the library by function, in the last run."""
        return self._library_profiles[row].functions

    def objects(self, row):
        """Instructions per call by object file, in the last run: {object: (reference, library)}."""
        profiles = (self._reference_profiles[row.reference], self._library_profiles[row])
        sides = [profile.by_object() for profile in profiles]
        return {name: tuple(side[name] / row.calls for side in sides) for name in {*sides[0], *sides[1]}}

    def _note(self, series, key, profile, row):
        series.setdefault(key, []).append(profile.total / row.calls)

    def _run_reference(self, row):
        sizes = row.workload.sizes[row.in_flight]
        command = [programs.path("reference"), self.url, row.in_flight, *sizes, row.workload.name]
        return callgrind.measure(command, row.workload.environment)

    def _run_library(self, row):
        sizes = row.workload.sizes[row.in_flight]
        configuration = answers.compact({"base_url": self.url, **CONFIGURATION})
        operation = (row.workload.operation, answers.compact(row.workload.parameters))
        command = [programs.path("libakool"), configuration, row.in_flight, *sizes, row.style, *operation]
        return callgrind.measure(command, row.workload.environment)


def _spread(runs):
    return max(runs) / min(runs) - 1
