"""Verdicts: does a path do what the reference does, on the same inputs, on others, in gradients, in what it changes?"""

from collections.abc import Iterator

from playground.contracts.measured import Difference, Outcome, Verdict
from playground.contracts.sentences import say
from playground.lowering.text import clean
from playground.measure.agreement import Agreement, compare, worst
from playground.measure.outputs import Outputs
from playground.pipeline.comparison.refusal import MAX_MESSAGE
from playground.pipeline.comparison.steps import AGAIN, INPUTS, LATER, Answer, Path

CHECKS = ("inputs", "perturbed", "seed", "gradients", "mutations")
_OWN_WAY = say("It draws random numbers in a way of its own.")
_BAKED = say("It gives the same result for every seed: it holds on to the random numbers of one call.")


def verdicts(path: Path, reference: Path) -> Iterator[Verdict]:
    """What is to say of a path, the check of the same inputs first; where it failed, that last."""
    judge = _Judge(path, reference)
    if path.outputs("inputs", LATER) is None:
        yield judge.failed() if path.failed else judge.verdict("inputs", "failed", stage="execute")
        return
    if reference.outputs("inputs", LATER) is None:
        yield judge.verdict("inputs", "failed", stage="check", message=judge.no_reference)
        return
    yield judge.inputs()
    for check in CHECKS[1:]:
        yield from judge.check(check)
    if path.failed:
        yield judge.failed()


class _Judge:
    def __init__(self, path: Path, reference: Path) -> None:
        self._path = path
        self._reference = reference
        first, again, later = (reference.outputs("inputs", variant) for variant in (INPUTS, AGAIN, LATER))
        self._repeats = _same(first, later)
        self._draws = self._repeats and not _same(first, again)

    def verdict(self, check: str, outcome: Outcome, agreement: Agreement | None = None, **fields: object) -> Verdict:
        found = agreement or Agreement("same")
        place = found.difference
        return Verdict.model_validate(
            {
                "subject": self._path.name,
                "against": self._reference.name,
                "check": check,
                "outcome": outcome,
                "max_abs_error": found.max_abs_error,
                "max_rel_error": found.max_rel_error,
                "max_ulp_error": found.max_ulp_error,
                "difference": Difference(**vars(place)) if place else None,
                "message": clean(found.message, MAX_MESSAGE) if found.message else None,
                **fields,
            }
        )

    def failed(self) -> Verdict:
        failed = self._path.failed
        assert failed is not None  # noqa: S101 - asked only then
        return self.verdict(failed.check, "failed", stage=failed.stage, message=failed.message, line=failed.line)

    def inputs(self) -> Verdict:
        agreement = self._agreement("inputs", [INPUTS, LATER])
        if not self._repeats and (self._is_reference or agreement.outcome != "same"):
            return self.verdict("inputs", "nondeterministic", agreement, message=self._changes)
        if self._draws:
            return self.verdict("inputs", "nondeterministic", agreement, message=self._random)
        return self.verdict("inputs", agreement.outcome, agreement)

    def check(self, check: str) -> Iterator[Verdict]:
        """The verdict of one check, if both paths have something to say there."""
        variants = [v for c, v in self._reference.answers if c == check and self._reference.outputs(c, v)]
        variants = [v for v in variants if v != "before"]
        answered = [v for v in variants if (check, v) in self._path.answers]
        if not answered or self._is_reference or self._is_vacuous(check):
            return
        refused = next((a for v in answered if (a := self._path.answers[check, v]).outputs is None), None)
        if refused:
            yield self._refused(check, refused)
            return
        agreement = self._agreement(check, answered)
        if agreement.outcome == "differs" and (why := self._uncertain(check)):
            yield self.verdict(check, "nondeterministic", agreement, message=why)
        else:
            baked = check == "seed" and agreement.outcome == "differs" and self._holds_on()
            yield self.verdict(check, agreement.outcome, agreement, **({"message": _BAKED} if baked else {}))

    def _is_vacuous(self, check: str) -> bool:
        """Where there is nothing to see: no random numbers drawn, nothing changed."""
        if check == "seed":
            return not self._draws
        if check != "mutations":
            return False
        before, after = (self._reference.outputs(check, variant) for variant in ("before", ""))
        return _same(before, after) and self._agreement(check, [""]).outcome == "same"

    @property
    def no_reference(self) -> str:
        return say("{path} failed on these inputs, so there is nothing to compare with.", path=self._name)

    @property
    def _changes(self) -> str:
        return say(
            "Two calls of {path} with the same inputs and the same random state give different results.",
            path=self._name,
        )

    @property
    def _random(self) -> str:
        return say(
            "Two calls of {path} with the same inputs give different results; "
            "from one random state they give the same.",
            path=self._name,
        )

    @property
    def _name(self) -> str:
        return self._reference.name.capitalize()

    @property
    def _is_reference(self) -> bool:
        return self._path is self._reference

    def _agreement(self, check: str, variants: list[str]) -> Agreement:
        """How the path agrees with the reference; of the reference, how its own calls agree with the first."""
        first = self._reference.outputs(check, INPUTS)
        return worst(
            [
                compare(ours, theirs)
                for variant in variants
                if (ours := self._path.outputs(check, variant))
                and (theirs := first if first and self._is_reference else self._reference.outputs(check, variant))
            ]
        )

    def _uncertain(self, check: str) -> str | None:
        """Why a difference proves nothing."""
        if not self._repeats:
            return self._changes
        return _OWN_WAY if self._draws and not (check == "seed" and self._holds_on()) else None

    def _holds_on(self) -> bool:
        """Whether the path gives one result for all seeds, where the reference gives another for each."""
        ours = [answer.outputs for (check, _), answer in self._path.answers.items() if check == "seed"]
        return len(ours) > 1 and all(ours[0] and one and _same(ours[0], one) for one in ours)

    def _refused(self, check: str, answer: Answer) -> Verdict:
        return self.verdict(check, "failed", stage="check", message=answer.refusal, line=answer.line)


def _same(ours: Outputs | None, theirs: Outputs | None) -> bool:
    return ours is not None and theirs is not None and compare(ours, theirs).outcome == "same"
