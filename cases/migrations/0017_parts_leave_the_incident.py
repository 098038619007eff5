"""The columns leave that countries, tactics and actors of incidents were before cases 0016.

First the loader is told of the parts that they became, as long as they can be read. Whatever was corrected or taken away
here before has to stay so: the loader adds a record that it does not remember.
"""

import hashlib
import json
from itertools import combinations

from django.db import migrations

from records.models import ALPHABET

#: Tactics that were taken away here are found by trying: so many at once.
TAKEN_AWAY = 2


def reference(prefix, *of):
    """As in cases 0016."""
    number = int.from_bytes(hashlib.sha256(" ".join(of).encode()).digest()[:5], "big")
    return f"{prefix}-" + "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def digest(text):
    """As the loader makes them."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def remember(apps, schema_editor):
    """Remember, of each incident that was loaded, the parts that its file had then."""
    Loaded, Incident = apps.get_model("seeds", "LoadedRecord"), apps.get_model("cases", "Incident")
    countries = {digest(code): code for code in apps.get_model("cases", "Country").objects.values_list("code", flat=True)}
    codes = list(apps.get_model("cases", "Tactic").objects.values_list("code", flat=True))
    for loaded in Loaded.objects.filter(key__startswith="INC-"):
        incident = Incident.objects.filter(ref=loaded.key).first()
        if incident is None:
            continue
        refs = [*country_refs(loaded, countries), *tactic_refs(loaded, incident, codes), *actor_refs(loaded)]
        Loaded.objects.bulk_create([Loaded(key=ref, file=loaded.file, digests={}) for ref in refs])


def country_refs(loaded, countries):
    """Yield the references of the countries that the file had."""
    for part in ("origin", "location"):
        if code := countries.get(loaded.digests.get(part)):
            yield reference("ICO", loaded.key, part, code)


def tactic_refs(loaded, incident, codes):
    """Yield the references of the tactics that the file had: those here, but for a few that were added or taken away."""
    here = {*incident.tactics.values_list("pk", flat=True)}
    for changed in range(TAKEN_AWAY + 1):
        for some in combinations(codes, changed):
            tactics = sorted(here.symmetric_difference(some))
            if digest(json.dumps(tactics, ensure_ascii=False)) == loaded.digests.get("tactics"):
                yield from (reference("TAC", loaded.key, code) for code in tactics)
                return


def actor_refs(loaded):
    """Yield the reference of the actor, where the file had one."""
    if loaded.digests.get("actor") not in (None, digest("")):
        yield reference("ATR", loaded.key)


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_countries_and_actors_move"), ("seeds", "0001_initial")]

    operations = [
        migrations.RunPython(remember),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_attribution_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_actor_confidence_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_host_is_a_location_abroad',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor_confidence',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor_kind',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='attribution',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='host',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='location',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='origin',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='tactics',
        ),
    ]
