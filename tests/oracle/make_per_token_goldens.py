"""Writes tests/golden/dit/*/expected_per_token.safetensors: the pruned cases edited with per-token keys, full recovery.

usage: make_per_token_goldens.py [FOLDER]      (default: ../golden/dit beside this file)

Reads the models and cases that make_dit_goldens.py has written. Fails when a wrong rule would go unnoticed.
"""

import pathlib
import sys

from safetensors import safe_open
from safetensors.torch import load_file, save_file

from dit_oracle import Editor, Layout, PerTokenLayout, load_model


class TwoCopies(PerTokenLayout):
    copies = 2


class NoneStay(PerTokenLayout):
    multiple = 1


class OldestStay(PerTokenLayout):
    """Of a run the oldest place stays, not the most recent one."""

    def is_needed(self, frame, token, block):
        return bool(self.keep[frame, token]) or frame < self.config.sink_frames


MISTAKES = [Layout, TwoCopies, NoneStay, OldestStay]


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "golden" / "dit"
    for name in ("wan_like", "builtin_like"):
        case = load_file(root / name / "case_pruned.safetensors")
        with safe_open(root / name / "case_pruned.safetensors", "pt") as file:
            metadata = file.metadata()
        steps, shift = [int(step) for step in metadata["steps"].split(",")], float(metadata["shift"])
        model = load_model(root / name)

        def edit(layout):
            return Editor(model, layout).edit(
                case["source_latents"], case["noise"], case["text_embeds"], steps, shift, case["keep_mask"], "full")

        result = edit(PerTokenLayout)
        keys = [len(p.keys.rows) for p in result.passes[:: len(steps) + 1]]
        print(f"{name}: keys of each block {keys}; if wrong:", end="")
        for mistake in MISTAKES:
            other = edit(mistake).denoised
            difference = float((other - result.denoised).norm() / result.denoised.norm())
            print(f" {mistake.__name__} {difference:.1e}", end="")
            assert difference > 1e-3
        print()
        save_file({"denoised": result.denoised.float(), "denoised_kept": result.denoised_kept.float(),
                   "keep_mask": case["keep_mask"]}, root / name / "expected_per_token.safetensors")


if __name__ == "__main__":
    main()
