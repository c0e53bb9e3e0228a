import pickle

import pytest
import torch

from playground.measure.agreement import Agreement, Difference, compare, worst
from playground.measure.outputs import take_apart


def agreement(candidate: object, reference: object) -> Agreement:
    return compare(take_apart(candidate), take_apart(reference))


@pytest.mark.parametrize(
    "value",
    [
        torch.tensor([1.0, float("nan"), float("inf")]),
        torch.zeros(0),
        torch.tensor([1 + 2j]),
        {"a": [1, 2.5, True, None, "text"]},
        10**30,
        torch.eye(2).to_sparse(),
        torch.tensor([True, False]),
    ],
    ids=repr,
)
def test_a_value_is_the_same_as_itself(value: object) -> None:
    assert agreement(value, value).outcome == "same"


def test_rounding_is_close_with_its_size() -> None:
    found = agreement(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 2e-6]))
    assert found.outcome == "close"
    assert found.max_abs_error == pytest.approx(2e-6, rel=0.1)
    assert found.max_rel_error == pytest.approx(1e-6, rel=0.1)


def test_a_wrong_element_differs_and_is_counted() -> None:
    found = agreement(torch.tensor([1.0, 5.0, 3.0]), torch.tensor([1.0, 2.0, 3.0]))
    assert (found.outcome, found.max_abs_error, found.max_rel_error) == ("differs", 3.0, 1.5)
    assert found.message == "Value 1: 1 of 3 elements are outside the tolerance."
    assert found.difference == Difference(value=1, index=(1,), found="5.0", expected="2.0")


def test_the_first_difference_is_found_where_it_is() -> None:
    ours, theirs = torch.zeros(2, 3, 4), torch.zeros(2, 3, 4)
    ours[1, 0, 2] = float("nan")
    ours[1, 2, 3] = 7
    found = agreement({"a": 1, "b": ours}, {"a": 1, "b": theirs})
    assert found.difference == Difference(value=2, index=(1, 0, 2), found="nan", expected="0.0")
    assert agreement(["yes"], ["no"]).difference == Difference(1, (), "'yes'", "'no'")
    assert agreement(True, False).difference == Difference(1, (), "True", "False")


def test_errors_count_in_units_of_last_place() -> None:
    one = torch.tensor([1.0, 2.0, 0.0])
    found = agreement(torch.nextafter(one, torch.tensor(9.0)), one)
    assert (found.outcome, found.max_ulp_error) == ("close", 1.0)
    assert agreement(one, one).max_ulp_error == 0
    assert agreement(torch.tensor(1), torch.tensor(2)).max_ulp_error is None


def test_integers_are_never_just_close() -> None:
    assert agreement(torch.tensor(1_000_000), torch.tensor(1_000_001)).outcome == "differs"


@pytest.mark.parametrize(
    ("candidate", "reference"),
    [
        (float("nan"), 1.0),
        (float("inf"), 1.0),
        (1.0, float("inf")),
        (torch.tensor([float("nan"), 1.0]), torch.tensor([1.0, 1.0])),
    ],
)
def test_what_is_not_finite_differs_from_what_is(candidate: object, reference: object) -> None:
    assert agreement(candidate, reference).outcome == "differs"


@pytest.mark.parametrize(
    ("candidate", "reference", "message"),
    [
        (torch.zeros(2), torch.zeros(3), "Value 1 is a float32 tensor of 2 on cpu, where a float32 tensor of 3"),
        (torch.zeros(2), torch.zeros(2).double(), "where a float64 tensor of 2"),
        (1.0, torch.tensor(1.0), "Value 1 is a float, where a float32 tensor of no dimension"),
        ([1], (1,), "another structure"),
        ([1, 2], [1], "another structure"),
        ("a", "b", "Value 1 is 'a', where 'b'"),
    ],
)
def test_another_kind_of_result_differs(candidate: object, reference: object, message: str) -> None:
    found = agreement(candidate, reference)
    assert found.outcome == "differs"
    assert message in (found.message or "")


def test_an_objects_address_is_no_difference() -> None:
    assert agreement(object(), object()).outcome == "same"


def test_later_changes_do_not_show() -> None:
    tensor = torch.zeros(2)
    before = take_apart(tensor)
    tensor += 1
    assert compare(take_apart(tensor), before).outcome == "differs"


def test_gradients_do_not_matter_and_results_travel() -> None:
    result = torch.ones(2, requires_grad=True) * 2
    travelled = pickle.loads(pickle.dumps(take_apart((result, 1))))
    assert compare(travelled, take_apart((result, 1))).outcome == "same"


def test_the_worst_of_several_counts() -> None:
    found = worst([Agreement("close", 1e-7, 1e-8), Agreement("differs", 2.0, 0.5, "no"), Agreement("same", 0.0, 0.0)])
    assert found == Agreement("differs", 2.0, 0.5, "no")
    assert worst([]) == Agreement("same")
