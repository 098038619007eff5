"""`make load`: what its callers send back, and what it makes of what they saw."""

from __future__ import annotations

from bench.clients import Asked, Caller
from bench.load import printed, summed

CALLER = {"port": 8000, "until": 0.0, "refs": {}, "seed": 1}


def test_a_caller_sends_back_the_cookies_that_it_was_given() -> None:
    caller = Caller(role="editor", cookie="sessionid=a", **CALLER)  # type: ignore[arg-type]
    caller.keep(["csrftoken=b; Path=/; SameSite=Lax"])
    caller.keep(["csrftoken=c; Path=/", "sessionid=d; HttpOnly"])
    assert caller.cookie == "csrftoken=c; sessionid=d"


def test_refusals_and_missing_answers_are_counted_and_take_no_time() -> None:
    asked = [Asked("list", 100.0 * number, 200, "/people/") for number in range(1, 21)]
    asked += [
        Asked("list", 9_000.0, 500, "/people/?q=a"),
        Asked("page", 60_000.0, 0, "/"),
        Asked("save", 5.0, 302, "/"),
    ]
    row = summed(asked, 200.4)
    assert (row["answers"], row["errors"], row["dropped"], row["saved"]) == (23, 1, 1, 1)
    assert row["wrong"] == {"500 /people/": 1}
    assert 1_000 <= row["p50_ms"]["list"] <= 1_100 and 1_900 <= row["p95_ms"]["list"] <= 2_000
    assert "page" not in row["p50_ms"]
    assert "| today's | sqlite |" in printed([{"build": "today's", "database": "sqlite"} | row])
