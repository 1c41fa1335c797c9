"""How densely points lie, the best possible discriminator of two clouds, the lattice that a generator bends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from ann_core.maths.measures.densities import DENSEST, best_discriminator, centres, density, lattice_density

EDGE, DEVIATION = 3.0, 0.3


def clouds(seed, count=40):
    """Two clouds (count, 2) well within the square, half of the second where the first is."""
    random = np.random.default_rng(seed)
    first = random.uniform(-1, 1, (count, 2))
    second = np.concatenate([first[: count // 2], random.uniform(-1, 1, (count - count // 2, 2)) + 0.5])
    return first, second


def directly(points, places):
    """The density of points at places (n, 2), one normal cloud after the other."""
    return np.mean([multivariate_normal.pdf(places, point, DEVIATION**2) for point in points], axis=0)


@pytest.mark.parametrize("seed", range(3))
def test_a_density_is_the_mean_of_a_cloud_for_every_point(seed):
    points, _ = clouds(seed)
    at = centres(24, EDGE)
    places = np.stack(np.meshgrid(at, at[::-1]), axis=-1)
    np.testing.assert_allclose(density(points, 24, EDGE, DEVIATION), directly(points, places), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_discriminator_is_p_of_p_and_q_and_its_divergence_that_of_a_fine_grid(seed):
    first, second = clouds(seed)
    best = best_discriminator(*(density(points, 60, EDGE, DEVIATION) for points in (first, second)), EDGE)
    fine = np.linspace(-5, 5, 801)
    p, q = (directly(points, np.stack(np.meshgrid(fine, fine), axis=-1)) for points in (first, second))
    parts = sum(np.where(part > 0, part * np.log2(2 * part / np.maximum(p + q, 1e-300)), 0) for part in (p, q))
    assert best.divergence == pytest.approx(parts.sum() * (fine[1] - fine[0]) ** 2 / 2, abs=1e-5)
    at = centres(60, EDGE)
    p, q = (directly(points, np.stack(np.meshgrid(at, at[::-1]), axis=-1)) for points in (first, second))
    there = p + q > 1e-3 * (p + q).max()
    np.testing.assert_allclose(best.belief[there], (p / (p + q))[there], atol=1e-9)
    np.testing.assert_array_equal(best.belief[~there], 0.5)


def test_nothing_tells_equal_clouds_apart_and_everything_those_far_away():
    first, _ = clouds(1)
    here, there = density(first, 60, EDGE, DEVIATION), density(first + 100, 60, EDGE, DEVIATION)
    assert best_discriminator(here, here, EDGE).divergence == pytest.approx(0, abs=1e-6)
    assert best_discriminator(here, there, EDGE).divergence == pytest.approx(1, abs=1e-6)


@given(st.floats(0.3, 3), st.floats(0.3, 3), st.floats(0, 3), st.sampled_from(["normal", "uniform"]))
@settings(max_examples=30, deadline=None)
def test_a_lattice_that_is_stretched_is_as_dense_as_its_cells_are_small(wide, high, angle, kind):
    """A turned and stretched lattice keeps its shares; the densest twentieth of its cells are full."""
    at = np.linspace(-2 if kind == "normal" else -1, 2 if kind == "normal" else 1, 9)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.stack(np.meshgrid(at, at), axis=-1) * [wide, high] @ turned
    found = lattice_density(corners[None], at, kind)[0]
    held = np.diff(norm.cdf(at)) if kind == "normal" else np.ones(8)
    expected = np.outer(held, held)
    np.testing.assert_allclose(found, np.minimum(expected / np.quantile(expected, DENSEST), 1), rtol=1e-6)
