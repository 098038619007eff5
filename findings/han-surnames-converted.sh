#!/usr/bin/env bash
# Fan, Yu and Jiang from the mainland get another family's name when their names are written in traditional characters.
#
# Guess:    between simplified and traditional characters a library leaves a family name alone where both scripts write it
#           alike; there and back gives the same name, and so does back and there.
# Surprise: a name has no context, so OpenCC writes 范 (a family) as 範 (a pattern), 于 and 余 (two families) as 於 and 餘, 岳 as 嶽.
#           HanziConv turns 姜 into ginger, 沈 into the town, 卜 into a radish. Back again all look right, so a test there and
#           back sees nothing. A traditional name with 乾 (qian) becomes 干 (gan) in simplified characters.
# For us:   a paper in Hong Kong prints 範 after such a conversion, or an import stores it, and the search for 范 finds nobody;
#           範 and 於 are families of their own, too.
# Waymark:  never stores a converted name. Han names meet by sound (fold gives "fan" for both) or by a table of variants that
#           is asked both ways, and a hit through a variant is shown as such.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq opencc==1.4.2 hanziconv==0.3.2
"$work/bin/python" - <<'PY'
import sys

from hanziconv import HanziConv
from opencc import OpenCC

CORRECT = {"范冬云": "范冬雲", "于明": "于明", "余明": "余明", "岳丽云": "岳麗雲", "姜云松": "姜雲松", "沈松云": "沈松雲", "卜明": "卜明"}
to_traditional, back = OpenCC("s2t"), OpenCC("t2s")
surprise = {
    "OpenCC": {"范冬云": "範冬雲", "于明": "於明", "余明": "餘明", "岳丽云": "嶽麗雲"},
    "HanziConv": {"范冬云": "範鼕雲", "于明": "於明", "余明": "餘明", "岳丽云": "嶽麗雲", "姜云松": "薑雲鬆", "沈松云": "瀋鬆雲",
                  "卜明": "蔔明"},
}  # fmt: skip
converters = {"OpenCC": to_traditional.convert, "HanziConv": HanziConv.toTraditional}
seen = {
    library: {name: found for name in CORRECT if (found := convert(name)) != CORRECT[name]}
    for library, convert in converters.items()
}
print("OpenCC 1.4.2, HanziConv 0.3.2", f"expected = {CORRECT}", f"other than that = {seen}", sep="\n")
there_and_back = [back.convert(to_traditional.convert(name)) for name in CORRECT]
print("there and back again:", there_and_back, "and 林乾德 simplified:", back.convert("林乾德"))
known = seen == surprise and there_and_back == list(CORRECT) and back.convert("林乾德") == "林干德"
sys.exit(0 if known else "no longer so: look at this finding again")
PY
