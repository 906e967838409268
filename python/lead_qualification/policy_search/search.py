"""Which policies are tried, which is the best on earlier months, and is it on later ones?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import pandas

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy_search.cells import Cell, alike
from lead_qualification.policy_search.measures import Goal, Measured, measured

Values = tuple[str, ...]
FEWEST_MONTHS = 3
MOST_PROPOSED = 5
"""How many policies, the best first, the checks may refuse before none is proposed."""


class History(Protocol):
    """What is searched: a replay of a build.

    Attributes:
        leads: month first seen and opportunity_at by lead_id.
        present: When the present policy hands each of them over first.
        cells: The cells that may change.
    """

    leads: pandas.DataFrame
    present: pandas.Series
    cells: Sequence[Cell]

    def handoffs(self, values: Sequence[str]) -> pandas.Series:
        """Return when a policy hands each of them over first."""

    def violations(self) -> list[str]:
        """Return what the checks say of the policy that was replayed last."""


@dataclass(frozen=True)
class Tried:
    """A policy and what it does on the earlier months."""

    values: Values
    earlier: Measured


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes:
        cells: The cells that were searched.
        goal: What was looked for.
        combinations: How many policies the cells allow.
        months: The earlier months, then the later ones; each as first and last.
        tried: All that were tried; the present policy is the first.
        front: Of these, those that no other one beats in hand-offs and opportunities.
        chosen: The best on the earlier months; none if no policy is certain to be better there.
        later: What the chosen policy does on the later months.
        later_present: What the present policy does there.
        refused: What the checks of the policy say of better policies that they refuse.
    """

    cells: Sequence[Cell]
    goal: Goal
    combinations: int
    months: tuple[tuple[str, str], tuple[str, str]]
    tried: tuple[Tried, ...]
    front: tuple[Tried, ...]
    chosen: Tried | None
    later: Measured | None
    later_present: Measured
    refused: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Why no change is certain to be better; nothing if one is."""
        if self.later is not None:
            return self.goal.missing(self.later)
        best = min(self.tried[1:], key=lambda one: self.goal.rank(one.earlier), default=None)
        return self.goal.missing(best.earlier) if best else ("there is no other policy to try",)

    @property
    def proposed(self) -> Values | None:
        """The values of the policy that is certain to be better; none if there is none."""
        return None if self.chosen is None or self.missing else self.chosen.values


def search(
    replay: History,
    goal: Goal,
    tries: int,
    seed: int,
    advance: Callable[[int], None] = lambda _: None,
) -> Search:
    """Try policies on the earlier months, choose the best, and judge it once on the later ones.

    Args:
        replay: The build and its cells.
        goal: What a better policy is.
        tries: How many policies are tried at most.
        seed: Of what is drawn at random where there are more policies than tries.
        advance: Is told of each policy that was tried.

    Raises:
        ConfigurationError: The history is too short.
    """
    months = sorted(replay.leads["month"].dropna().unique())
    if len(months) < FEWEST_MONTHS:
        raise ConfigurationError(
            f"leads were first seen in {len(months)} months only, too few to choose a policy on "
            "earlier months and judge it on later ones",
            f"search a build with at least {FEWEST_MONTHS} months",
        )
    cut = months[math.ceil(len(months) * 2 / 3)]
    is_earlier = (replay.leads["month"] < cut).to_numpy()
    found: dict[Values, Measured] = {}
    handed: dict[Values, pandas.Series] = {}

    def measure(handoffs: pandas.Series, is_in: pandas.Series) -> Measured:
        return measured(replay.leads[is_in], replay.present[is_in], handoffs[is_in])

    def evaluate(values: Values) -> Measured:
        if values not in found:
            handed[values] = replay.handoffs(values)
            found[values] = measure(handed[values], is_earlier)
            advance(1)
        return found[values]

    for values in policies(replay.cells, tries, seed, lambda one: goal.rank(evaluate(one))):
        evaluate(values)
    tried = tuple(Tried(values, earlier) for values, earlier in found.items())
    chosen, refused = choose(replay, goal, tried)
    return Search(
        cells=replay.cells,
        goal=goal,
        combinations=math.prod(len(cell.values) for cell in replay.cells),
        months=((months[0], months[months.index(cut) - 1]), (cut, months[-1])),
        tried=tried,
        front=pareto(tried),
        chosen=chosen,
        later=measure(handed[chosen.values], ~is_earlier) if chosen else None,
        later_present=measure(replay.present, ~is_earlier),
        refused=refused,
    )


def policies(
    cells: Sequence[Cell], tries: int, seed: int, rank: Callable[[Values], tuple[float, ...]]
) -> Iterator[Values]:
    """Yield the policies to try, the present one first.

    All of them where they are few; else half at random, then neighbours of the best one so far,
    by one step of one cell, until none is better, and the others at random again.

    Args:
        cells: The cells.
        tries: How many policies at most.
        seed: Of what is drawn at random.
        rank: What to sort tried policies by, the best first.
    """
    present = tuple(current_value(cell) for cell in cells)
    yield present
    if math.prod(len(cell.values) for cell in cells) <= tries:
        yield from (one for one in product(*(cell.values for cell in cells)) if one != present)
        return
    random_draw = random.Random(seed)
    seen = {present}

    def drawn(count: int) -> list[Values]:
        """So many new ones, in an order in which the first cells change least."""
        found: set[Values] = set()
        while len(found) < count:
            found |= {tuple(random_draw.choice(cell.values) for cell in cells)} - seen
        seen.update(found)
        return sorted(found)

    yield from drawn(tries // 2)
    best = min(seen, key=rank)
    while len(seen) < tries:
        near = [one for one in neighbours(cells, best) if one not in seen][: tries - len(seen)]
        seen.update(near)
        yield from near
        better = min([best, *near], key=rank)
        if better == best:
            yield from drawn(tries - len(seen))
        best = better


def current_value(cell: Cell) -> str:
    """Return the current value as it stands among the values of a cell."""
    return next(value for value in cell.values if alike(value, cell.current))


def neighbours(cells: Sequence[Cell], values: Values) -> Iterator[Values]:
    """Yield the policies that differ by one step of one cell."""
    for position, cell in enumerate(cells):
        place = cell.values.index(values[position])
        for other in (place - 1, place + 1):
            if 0 <= other < len(cell.values):
                yield (*values[:position], cell.values[other], *values[position + 1 :])


def choose(
    replay: History, goal: Goal, tried: Sequence[Tried]
) -> tuple[Tried | None, tuple[str, ...]]:
    """Return the best policy that is certain to be better and that the checks accept.

    Of those that do the same it is the one with the fewest changes.

    Returns:
        The policy, or none; and what the checks say of better ones that they refuse.
    """
    certain = [one for one in tried[1:] if not goal.missing(one.earlier)]
    refused: list[str] = []
    present = tried[0].values

    def order(one: Tried) -> tuple[float, ...]:
        changes = sum(new != old for new, old in zip(one.values, present, strict=True))
        return (*goal.rank(one.earlier), changes)

    for one in sorted(certain, key=order)[:MOST_PROPOSED]:
        replay.handoffs(one.values)
        violations = replay.violations()
        if not violations:
            return one, tuple(refused)
        refused += violations
    return None, tuple(dict.fromkeys(refused))


def pareto(tried: Sequence[Tried]) -> tuple[Tried, ...]:
    """Return the policies that no other one beats, fewest hand-offs first."""
    front: list[Tried] = []
    for one in sorted(tried, key=lambda one: (one.earlier.handoffs, -one.earlier.opportunities)):
        if not front or one.earlier.opportunities > front[-1].earlier.opportunities:
            front.append(one)
    return tuple(front)
