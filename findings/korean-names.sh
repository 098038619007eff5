#!/usr/bin/env bash
# Park, Lee and Choi are lost on the way from Hangul, and so is the line between family and given name.
#
# Guess:    a library for Korean romanisation, given a name, writes the family name apart, as the official rules have it
#           ("Bak Yeonghui"), and its syllables in one way, the same as the next library's.
# Surprise: 박영희 is one word, with the end of the family name drawn over ("bagyeonghui"); 이 (Lee, Yi, Ri) is a bare "i". The
#           three differ among themselves. North Korea writes 리 where the South writes 이 for one family, and no library
#           has them meet. None gives a form that stands in a passport: Park, Lee, Choi.
# For us:   for a defector, the South's Hangul, the North's Hangul and the passport are three people.
# Waymark:  folds Hangul as one word, so 박영희 cannot meet "Park Yong-hui". It needs the first syllable (or 남궁, 황보, 제갈,
#           사공, 선우, 독고) cut off a Hangul name of two to four syllables, and the spellings of the commonest families:
#           이/리 Lee Yi Ri Rhee, 박 Park Pak, 최 Choi Choe, 임/림 Im Lim, 노/로 Noh Roh, 유/류 Yoo Ryu.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq korean-romanizer==0.28.0 hangul-romanize==0.1.0 uroman==1.3.1.1
"$work/bin/python" - <<'PY'
import sys

from hangul_romanize import Transliter
from hangul_romanize.rule import academic
from korean_romanizer.romanizer import Romanizer
from uroman import Uroman

academic_rule, uroman = Transliter(academic).translit, Uroman()
PASSPORT = {"박영희": "Park Yonghui", "최민": "Choi Min", "이": "Lee", "리": "Lee"}
surprise = {  # korean-romanizer, hangul-romanize, uroman
    "박영희": ["bagyeonghui", "bag-yeonghui", "bagyeonghyi"],
    "최민": ["choemin", "choemin", "coemin"],
    "이": ["i", "i", "i"],
    "리": ["ri", "li", "ri"],
}
seen = {name: [Romanizer(name).romanize(), academic_rule(name), uroman.romanize_string(name)] for name in PASSPORT}
print("korean-romanizer 0.28.0, hangul-romanize 0.1.0, uroman 1.3.1.1")
for name, found in seen.items():
    print(f"  {name} in passports {PASSPORT[name]}, seen {', '.join(found)}")
sys.exit("no longer so: look at this finding again" if seen != surprise else 0)
PY
