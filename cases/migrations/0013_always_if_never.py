"""What stood as yes or no becomes always, if or never, for the tactics that Waymark came with."""

from django.db import migrations

from records.audit.triggers import follow

ALWAYS = ("assassination", "assault", "abduction", "rendition", "detention")
IF = {
    "attempted_assassination": "reached",
    "poisoning": "reached",
    "intimidation": "reached",
    "enforced_disappearance": "by_what_followed",
    "plane_diversion": "by_what_followed",
    "luring": "by_what_followed",
    "deportation": "removed_unlawfully",
    "extradition": "removed_unlawfully",
    "charter_removal": "removed_unlawfully",
    "pushback": "into_origins_hands",
}
NEVER = (
    *("asylum_refused", "permit_revoked", "passport_seized", "consular_refusal", "exit_ban", "visa_cancelled"),
    *("notice_abuse", "watchlisting", "online_harassment", "spyware", "coercion_by_proxy", "threat", "stalking"),
    *("trial_in_absentia", "asset_seizure", "wanted_abroad", "surveillance", "misuse_of_financial_rules"),
    *("citizenship_stripped", "entry_ban", "pressure_to_return", "coerced_return", "sexual_harassment_online"),
    *("doxing", "defamation", "lawsuit_abroad", "bounty", "overseas_station"),
)


def follow_the_tactics(apps, schema_editor):
    """Let the trail of changes follow what comes."""
    follow(schema_editor.connection, "cases.Tactic")


def tell(apps, schema_editor):
    """Say it of each tactic. Of one's own a yes becomes a condition; a no, which nobody may have given, is left open."""
    tactics = apps.get_model("cases", "Tactic").objects
    own = tactics.exclude(code__in=[*ALWAYS, *IF, *NEVER])
    own.filter(physical=True).update(freedom_house="if", freedom_house_if="reached")
    tactics.filter(code__in=NEVER).update(freedom_house="never")
    tactics.filter(code__in=ALWAYS).update(freedom_house="always")
    for code, condition in IF.items():
        tactics.filter(code=code).update(freedom_house="if", freedom_house_if=condition)


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_freedom_house")]

    operations = [migrations.RunPython(follow_the_tactics), migrations.RunPython(tell)]
