"""Loops where nothing can be kept on disk: a read-only installation with a read-only home."""

from graticule.imaging.kernels import compiled as loops


def test_without_a_place_for_the_cache_loops_are_compiled_anew() -> None:
    made: dict = {}
    exec("def twice(x):\n    return 2 * x\n", made)  # numba finds no file to keep its machine code beside
    kept = set(loops.KEPT)
    try:
        assert loops.compiled(made["twice"])(21) == 42
        assert not loops.KEPT
    finally:
        loops.KEPT.update(kept)
