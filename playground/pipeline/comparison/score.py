"""A path's times as a reader wants them: compiling, the first call, each later one, and when compiling has paid."""

from playground.contracts.measured import Benchmark
from playground.lowering.text import clean
from playground.measure.statistics import break_even_calls, curve, preparation_ns
from playground.pipeline.comparison.refusal import MAX_MESSAGE
from playground.pipeline.comparison.steps import Path, Timed


def benchmark(path: Path, timed: Timed, reference: Path) -> Benchmark:
    """Of a path that was timed."""
    first, built, summary = path.first, path.built, timed.summary
    import_ns = built.import_ns + first.import_ns
    return Benchmark(
        path=path.name,
        compile_ns=max(0, built.wall_ns + first.compile_ns - import_ns),
        import_ns=import_ns,
        first_call_ns=first.calls_ns[0] - first.compile_ns,
        median_ns=round(summary.median_ns),
        iqr_ns=round(summary.iqr_ns),
        quartiles_ns=summary.quartiles_ns,
        interval_ns=summary.interval_ns,
        runs=summary.runs,
        number_per_run=summary.number_per_run,
        stable=summary.stable and timed.disturbance is None,
        disturbance=clean(timed.disturbance, MAX_MESSAGE) if timed.disturbance else None,
        break_even_calls=_break_even(path, timed, reference),
        curve=curve(built.wall_ns, first.calls_ns, summary.median_ns),
        measured_calls=len(first.calls_ns),
        threads=timed.threads,
        noop_ns=timed.noop_ns,
        instructions=timed.instructions,
    )


def _break_even(path: Path, timed: Timed, reference: Path) -> int | None:
    if path is reference:
        return 0
    if reference.timed is None:
        return None
    ahead = _preparation_ns(path, timed) - _preparation_ns(reference, reference.timed)
    return break_even_calls(ahead, timed.summary, reference.timed.summary)


def _preparation_ns(path: Path, timed: Timed) -> float:
    return preparation_ns(path.built.wall_ns, path.first.calls_ns, timed.summary.median_ns)
