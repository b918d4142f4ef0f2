"""`make bench` or `python -m benchmarks [NAME …]`: prints p50 / p95 of ours and of its peer or limit, and their ratio."""

import importlib
import sys

MODULES = ("startup", "open_series", "compressed", "first_slice", "index_folder", "scroll", "brush",
           "commit", "volume_rendering", "planes", "seg", "compare_masks", "ecg_pan", "ecg_holter", "beat_work",
           "threshold", "fill", "grow", "seed_stroke",
           "click", "previews", "smooth", "carve", "picture_brush", "refine", "segment_tumours",
           "segment_by_mouse", "memory")


def main(names: list[str]) -> int:
    print(f"{'row':4} {'promise':58} {'ours p50/p95':>24}   {'beside':44} {'p50/p95':>24}   ratio")
    for name in names or MODULES:
        for figure in importlib.import_module(f"benchmarks.{name}").run():
            print(figure, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
