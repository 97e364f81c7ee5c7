"""One stem for the German words of one family: verlängern, verlängert, Verlängerung, Verlängerungen.

Snowball and PostgreSQL's `german` keep such words apart. Here the derivational endings go first (-ierung, -ation,
-ung, -keit …), then CISTEM takes the inflection (Leonie Weißweiler and Alexander Fraser, "Developing a Stemmer for
German Based on a Comparative Analysis of Publicly Available Stemmers", GSCL 2017), then the ge- and zu- of verbs go
(freigeschaltet, freizuschalten → freischalten). CISTEM takes ge- before the endings; after them, all forms of a noun
such as Gerät, Geräte agree.
"""

import re
from functools import lru_cache

SHORTEST = 4  # letters; what is shorter, or holds a digit, is taken as it is

# Numbers in words are the numbers; one is the article and says nothing.
_NUMERALS = dict(zip("zwei drei vier funf sechs sieben acht neun zehn elf zwolf".split(), range(2, 13), strict=True))

_ROOT = re.compile(
    r"""(?<=.{4})(?:
        ier(?:e|en|end|er|st|t|te|ten|tem|ter|tes|bar|ung|ungen|ungs)?  # stornieren, Stornierung
      | [ao]|(?<!l)os|as  # Storno; Konto, Konten; Risiko, Risiken
    )$""",
    re.VERBOSE,
)
_DERIVED = re.compile(
    r"""(?:
        (?<=.{3})(?:ation|ationen|ations)
      | (?<=.{6})(?:ung|ungen|ungs)
      | (?<=.{4})(?:heit|heiten|keit|keiten)
      | (?<=.{4})lich(?:e|en|er|es|em)?
    )$""",
    re.VERBOSE,
)
SEPARABLE = (
    "ab an auf aus bei bereit dar durch ein empor entgegen fehl fern fest fort frei her herab heran herauf heraus "
    "herbei herein herum herunter hervor hin hinab hinauf hinaus hinein hinunter hinweg hinzu los mit nach nieder teil "
    "uber um unter voraus vor vorbei weg weiter wieder zu zuruck zusammen"
).split()
_INFIX = re.compile(rf"^({'|'.join(sorted(SEPARABLE, key=len, reverse=True))})(?:ge|zu)(?=.{{2}})")
_PARTICIPLE = re.compile(r"^ge(?=.{3})")
_DOUBLE = re.compile(r"(.)\1")


@lru_cache(maxsize=20_000)
def stem(form: str) -> str:
    """The stem of a folded word (see `analysis.fold`): lower case, no umlauts."""
    if form in _NUMERALS:
        return str(_NUMERALS[form])
    if len(form) < SHORTEST or not form.isalpha():
        return form
    root = _ROOT.sub("", form)
    word = _cistem(_DERIVED.sub("", form), shortest=3) if root == form else _cistem(root, shortest=5)
    word = _INFIX.sub(r"\1", word)
    return _PARTICIPLE.sub("", word)


def _cistem(word, shortest):
    """CISTEM's stripping of endings down to the shortest stem, case-insensitive, without its ge-."""
    word = word.replace("sch", "$").replace("ei", "%").replace("ie", "&")
    word = _DOUBLE.sub(r"\1*", word)
    while len(word) > shortest:
        if len(word) > 5 and word.endswith(("em", "er", "nd")):
            word = word[:-2]
        elif word.endswith(("e", "s", "n")) or (word.endswith("t") and len(word) > 4):
            word = word[:-1]
        else:
            break
    word = re.sub(r"(.)\*", r"\1\1", word)
    return word.replace("&", "ie").replace("%", "ei").replace("$", "sch")
