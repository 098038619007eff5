#!/usr/bin/env bash
# Lu Wanli, arrested in 2018, becomes "60000 li": family names that are also numbers.
#
# Guess:    a library that turns the Chinese numbers of a text into figures does it to numbers: 二〇一八年十月 becomes 2018年10月.
#           One that romanises any script romanises a name.
# Surprise: 陆 (Lu), 伍 (Wu), 万 (Wan) are families, and are also the cheque-writing forms of six, five and the word for ten
#           thousand. cn2an turns the date right and the person into a number; uroman reads 陆万里 as "60000li", 千玉 as
#           "1000yu". And cn2an leaves the old short form for thirty: 卅一日 (the 31st) becomes 卅1日.
# For us:   dates are what these libraries are used for before an article is read; the person is gone from the text by then,
#           and with the romanised form nobody finds "Lu Wanli".
# Waymark:  reads Chinese figures only inside a date pattern (…年…月…日, with 廿 and 卅), never over a whole text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq cn2an==0.5.24 uroman==1.3.1.1
"$work/bin/python" - <<'PY'
import sys

import cn2an
from uroman import Uroman

romanise = Uroman().romanize_string
surprise = {
    "cn2an 二〇一八年十月，陆万里": "2018年10月，60000里",
    "cn2an 伍百林": "500林",
    "cn2an 十月卅一日": "10月卅1日",
    "uroman 陆万里": "60000li",
    "uroman 千玉": "1000yu",
    "uroman 万里": "wanli",
}
seen = {
    case: (cn2an.transform(text, "cn2an") if library == "cn2an" else romanise(text))
    for case in surprise
    for library, text in [case.split(" ")]
}
print("cn2an 0.5.24, uroman 1.3.1.1. Expected: 2018年10月 and 10月31日, every name left or romanised. Seen:")
for case, found in seen.items():
    print(f"  {case}: {found}")
sys.exit("no longer so: look at this finding again" if seen != surprise else 0)
PY
