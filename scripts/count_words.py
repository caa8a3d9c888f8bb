"""The words that members use, most frequent first, for putting misspelt ones right.

`bot/.venv/bin/python -m scripts.count_words` writes bot/nlu/frequent_words.txt from data/nlu, again
after many sentences have come.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from alliance.gazetteer import common_words
from bot.nlu.spelling import sound

_DATA = Path("data/nlu")
_WRITTEN = Path("bot/nlu/frequent_words.txt")
# What a recogniser made of sentences is no spelling.
_HEARD = "heard"
_LEAST = 3
# So often seen, a word is one though no everyday one.
_SURELY = 6
_WORD = re.compile(r"(?<![\w'])[a-z]{3,}(?![\w'])")


def counted() -> list[str]:
    """The words of the training sentences, most frequent first."""
    seen: Counter[str] = Counter()
    for path in sorted(_DATA.iterdir()):
        if path.suffix in (".yml", ".tsv") and path.stem != _HEARD:
            for line in path.read_text("utf-8").lower().splitlines():
                # The sentence of a row or of an item of a list, without its label.
                _, _, sentence = line.rpartition("\t" if path.suffix == ".tsv" else "- ")
                seen.update(_WORD.findall(sentence))
    everyday = {word for word in seen if word in common_words()}
    heard = {sound(word) for word in everyday}
    return [
        word
        for word, count in seen.most_common()
        # A frequent slip ("docter") sounds like an everyday word.
        if count >= _LEAST and (word in everyday or (count >= _SURELY and sound(word) not in heard))
    ]


if __name__ == "__main__":
    _WRITTEN.write_text("\n".join(counted()) + "\n", "utf-8")
