"""Writes tests/golden/models/umt5_spiece.model and umt5_prompts.json: a small SentencePiece model and the ids of 200 prompts in ten scripts.

The prompts are cleaned by ftfy and html and cut into pieces by transformers' T5Tokenizer, which reads the same model file.
Needs sentencepiece, transformers and ftfy: python3 tests/oracle/make_prompt_goldens.py
"""
import html
import io
import json
import pathlib
import re
import shutil
import tempfile

import ftfy
import sentencepiece
from transformers import T5Tokenizer

import prompt_corpus

OUT = pathlib.Path(__file__).parent.parent / "golden" / "models"
PIECES = 500


def train(path):
    model = io.BytesIO()
    # Padding 0, end 1, unknown 2, no start, as in the published model; one thread, so that the result repeats.
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(prompt_corpus.training_lines()), model_writer=model, model_type="unigram", vocab_size=PIECES, character_coverage=0.9995,
        normalization_rule_name="nmt_nfkc", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, num_threads=1, minloglevel=2)
    path.write_bytes(model.getvalue())


def clean(prompt):
    text = html.unescape(html.unescape(ftfy.fix_text(prompt))).strip()
    return re.sub(r"\s+", " ", text).strip()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / "umt5_spiece.model"
    train(path)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    with tempfile.TemporaryDirectory() as folder:  # transformers finds the file by its name
        shutil.copy(path, pathlib.Path(folder) / "spiece.model")
        tokenizer = T5Tokenizer.from_pretrained(folder, extra_ids=0)
    entries = []
    for prompt in prompt_corpus.prompts():
        cleaned = clean(prompt)
        ids = tokenizer(cleaned, add_special_tokens=True).input_ids
        own = processor.encode(cleaned) + [processor.eos_id()]
        if ids != own:
            print("transformers and sentencepiece differ:", repr(cleaned), ids, own)
        entries.append({"prompt": prompt, "ids": ids})
    (OUT / "umt5_prompts.json").write_text(json.dumps(entries, ensure_ascii=True, separators=(",", ":")).replace("},{", "},\n{") + "\n")
    print(len(entries), "prompts,", sum(2 in e["ids"] for e in entries), "with unknown pieces,", processor.get_piece_size(), "pieces")


if __name__ == "__main__":
    main()
