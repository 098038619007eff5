"""An incident gets parts: its countries, its tactics, who did it, and what was demanded."""

import django.db.models.deletion
from django.db import migrations, models

import records.fields.uncertain_date
import records.models.record
import records.models.visible_unique


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_physical_leaves_the_tactic'),
        ('sources', '0004_names_of_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Actor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', records.models.record.VersionField(default=1, editable=False)),
                ('level', models.CharField(choices=[('public', 'public'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10)),
                ('ref', records.models.record.ReferenceField(prefix='ATR')),
                ('words', models.CharField(help_text='Who, as the sources call them.', max_length=200)),
                ('part', models.CharField(blank=True, choices=[('ordered', 'ordered it'), ('planned', 'planned it'), ('carried_out', 'carried it out'), ('enabled', 'made it possible'), ('handed_over', 'handed the person over'), ('present', 'was present'), ('failed_to_protect', 'failed to protect'), ('suspected', 'is suspected')], max_length=20)),
                ('confidence', models.CharField(blank=True, choices=[('confirmed', 'confirmed'), ('probable', 'probable'), ('possible', 'possible'), ('denied', 'denied')], max_length=10)),
                ('answer', models.CharField(blank=True, choices=[('silent', 'says nothing'), ('acknowledges', 'acknowledges it'), ('acknowledges_but_not_responsible', 'acknowledges it, but not as its own'), ('explains_otherwise', 'explains it otherwise'), ('denies', 'denies it'), ('accepts', 'accepts responsibility')], help_text='What the actor, or its state, answers to the allegation.', max_length=40, verbose_name='official answer')),
            ],
            options={
                'ordering': ['incident', 'id'],
            },
            bases=(records.models.visible_unique.UniqueAmongVisible, models.Model),
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', records.models.record.VersionField(default=1, editable=False)),
                ('level', models.CharField(choices=[('public', 'public'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10)),
                ('ref', records.models.record.ReferenceField(prefix='DEM')),
                ('kind', models.CharField(choices=[('return', 'to return'), ('silence', 'to be silent'), ('stop_work', 'to stop their work'), ('inform', 'to inform'), ('work_for_the_state', 'to work for the state'), ('money', 'to pay'), ('withdraw_statement', 'to take back a statement'), ('other', 'something else')], max_length=20)),
                ('channel', models.CharField(blank=True, choices=[('visit', 'a visit'), ('call', 'a call'), ('message', 'a message'), ('relative', 'a relative'), ('mission', 'a mission'), ('summons', 'a summons'), ('other', 'another way')], max_length=10)),
                ('carried_by', models.CharField(blank=True, help_text='Who carried it, as alleged.', max_length=200)),
                ('threat', models.CharField(blank=True, help_text='What was threatened, in our words.', max_length=300)),
                ('occurred', records.fields.uncertain_date.UncertainDateField(blank=True, max_length=40)),
                ('note', models.TextField(blank=True)),
                ('occurred_earliest', records.fields.uncertain_date.BoundField(db_index=True, editable=False, null=True)),
                ('occurred_latest', records.fields.uncertain_date.BoundField(db_index=True, editable=False, null=True)),
                ('occurred_precision', records.fields.uncertain_date.PrecisionField(choices=[('day', 'day'), ('month', 'month'), ('season', 'season'), ('year', 'year'), ('range', 'range'), ('approximate', 'approximate'), ('open', 'open'), ('unknown', 'unknown')], default='unknown', editable=False, max_length=12)),
            ],
            options={
                'ordering': ['involvement', 'id'],
            },
            bases=(records.models.visible_unique.UniqueAmongVisible, models.Model),
        ),
        migrations.CreateModel(
            name='IncidentCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', records.models.record.VersionField(default=1, editable=False)),
                ('level', models.CharField(choices=[('public', 'public'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10)),
                ('ref', records.models.record.ReferenceField(prefix='ICO')),
                ('part', models.CharField(choices=[('origin', 'state behind it'), ('location', 'location'), ('transit', 'transit'), ('destination', 'destination')], max_length=12)),
                ('attribution', models.CharField(blank=True, choices=[('stated', 'stated'), ('suspected', 'suspected'), ('denied', 'denied'), ('unknown', 'unknown')], help_text='Of a state behind it: how far it is tied to that state. Unknown where nothing is chosen.', max_length=10)),
            ],
            options={
                'verbose_name_plural': 'incident countries',
                'ordering': ['incident', 'part', 'country'],
            },
            bases=(records.models.visible_unique.UniqueAmongVisible, models.Model),
        ),
        migrations.CreateModel(
            name='TacticUsed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', records.models.record.VersionField(default=1, editable=False)),
                ('level', models.CharField(choices=[('public', 'public'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10)),
                ('ref', records.models.record.ReferenceField(prefix='TAC')),
                ('occurred', records.fields.uncertain_date.UncertainDateField(blank=True, help_text='When it was used, where that is known.', max_length=40)),
                ('occurred_earliest', records.fields.uncertain_date.BoundField(db_index=True, editable=False, null=True)),
                ('occurred_latest', records.fields.uncertain_date.BoundField(db_index=True, editable=False, null=True)),
                ('occurred_precision', records.fields.uncertain_date.PrecisionField(choices=[('day', 'day'), ('month', 'month'), ('season', 'season'), ('year', 'year'), ('range', 'range'), ('approximate', 'approximate'), ('open', 'open'), ('unknown', 'unknown')], default='unknown', editable=False, max_length=12)),
            ],
            options={
                'verbose_name_plural': 'tactics used',
                'ordering': ['incident', 'id'],
            },
            bases=(records.models.visible_unique.UniqueAmongVisible, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_has_exactly_one_record',
        ),
        migrations.AddField(
            model_name='incident',
            name='agreement',
            field=models.ForeignKey(blank=True, help_text='The agreement between states that was relied on.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='cases.agreement'),
        ),
        migrations.AddField(
            model_name='actor',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actors', to='cases.incident'),
        ),
        migrations.AddField(
            model_name='actor',
            name='kind',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='cases.perpetratorkind'),
        ),
        migrations.AddField(
            model_name='actor',
            name='organisation',
            field=models.ForeignKey(blank=True, help_text='The organisation that this is, where it has a record of its own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='cases.person'),
        ),
        migrations.AddField(
            model_name='citation',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='cases.actor'),
        ),
        migrations.AddField(
            model_name='demand',
            name='incident',
            field=models.ForeignKey(editable=False, help_text="The involvement's; derived.", on_delete=django.db.models.deletion.CASCADE, related_name='demands', to='cases.incident'),
        ),
        migrations.AddField(
            model_name='demand',
            name='involvement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demands', to='cases.involvement'),
        ),
        migrations.AddField(
            model_name='citation',
            name='demand',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='cases.demand'),
        ),
        migrations.AddField(
            model_name='incidentcountry',
            name='country',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incident_parts', to='cases.country'),
        ),
        migrations.AddField(
            model_name='incidentcountry',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='country_parts', to='cases.incident'),
        ),
        migrations.AddField(
            model_name='citation',
            name='incident_country',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='cases.incidentcountry'),
        ),
        migrations.AddField(
            model_name='tacticused',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tactics_used', to='cases.incident'),
        ),
        migrations.AddField(
            model_name='tacticused',
            name='tactic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='cases.tactic'),
        ),
        migrations.AddField(
            model_name='citation',
            name='tactic_used',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='cases.tacticused'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', False), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', False), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', False), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', False), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', False), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', False), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', False), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', False), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', False), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', False), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', False), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', False), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', False), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', False), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', False)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', False), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', False), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', False), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', False), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', True), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', False), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), models.Q(('actor__isnull', True), ('agreement__isnull', True), ('ccf_event__isnull', True), ('ccf_request__isnull', True), ('demand__isnull', True), ('duty__isnull', True), ('event__isnull', False), ('incident__isnull', True), ('incident_country__isnull', True), ('involvement__isnull', True), ('legal_status__isnull', True), ('notice__isnull', True), ('notice_event__isnull', True), ('person__isnull', True), ('person_detail__isnull', True), ('person_name__isnull', True), ('ratification__isnull', True), ('relationship__isnull', True), ('stage__isnull', True), ('tactic_used__isnull', True), ('warrant__isnull', True)), _connector='OR'), name='citation_has_exactly_one_record', violation_error_message='A citation is about exactly one record.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'public', 'partner', 'team', 'restricted'])), name='actor_level_is_known', violation_error_message='“level” must be one of: public, partner, team, restricted.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['', 'ordered', 'planned', 'carried_out', 'enabled', 'handed_over', 'present', 'failed_to_protect', 'suspected'])), name='actor_part_is_known', violation_error_message='“part” must be one of: ordered, planned, carried_out, enabled, handed_over, present, failed_to_protect, suspected.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__in', ['', 'confirmed', 'probable', 'possible', 'denied'])), name='actor_confidence_is_known', violation_error_message='“confidence” must be one of: confirmed, probable, possible, denied.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'silent', 'acknowledges', 'acknowledges_but_not_responsible', 'explains_otherwise', 'denies', 'accepts'])), name='actor_answer_is_known', violation_error_message='“answer” must be one of: silent, acknowledges, acknowledges_but_not_responsible, explains_otherwise, denies, accepts.'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'public', 'partner', 'team', 'restricted'])), name='demand_level_is_known', violation_error_message='“level” must be one of: public, partner, team, restricted.'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'return', 'silence', 'stop_work', 'inform', 'work_for_the_state', 'money', 'withdraw_statement', 'other'])), name='demand_kind_is_known', violation_error_message='“kind” must be one of: return, silence, stop_work, inform, work_for_the_state, money, withdraw_statement, other.'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['', 'visit', 'call', 'message', 'relative', 'mission', 'summons', 'other'])), name='demand_channel_is_known', violation_error_message='“channel” must be one of: visit, call, message, relative, mission, summons, other.'),
        ),
        migrations.AddIndex(
            model_name='incidentcountry',
            index=models.Index(fields=['country', 'part'], name='incident_country_by_part'),
        ),
        migrations.AddConstraint(
            model_name='incidentcountry',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'public', 'partner', 'team', 'restricted'])), name='incidentcountry_level_is_known', violation_error_message='“level” must be one of: public, partner, team, restricted.'),
        ),
        migrations.AddConstraint(
            model_name='incidentcountry',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['', 'origin', 'location', 'transit', 'destination'])), name='incidentcountry_part_is_known', violation_error_message='“part” must be one of: origin, location, transit, destination.'),
        ),
        migrations.AddConstraint(
            model_name='incidentcountry',
            constraint=models.CheckConstraint(condition=models.Q(('attribution__in', ['', 'stated', 'suspected', 'denied', 'unknown'])), name='incidentcountry_attribution_is_known', violation_error_message='“attribution” must be one of: stated, suspected, denied, unknown.'),
        ),
        migrations.AddConstraint(
            model_name='incidentcountry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('part', 'origin'), models.Q(('attribution', ''), _negated=True)), models.Q(models.Q(('part', 'origin'), _negated=True), ('attribution', '')), _connector='OR'), name='incident_country_attribution_only_of_a_state_behind_it', violation_error_message='Only a state behind the incident has an attribution.'),
        ),
        migrations.AddConstraint(
            model_name='tacticused',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'public', 'partner', 'team', 'restricted'])), name='tacticused_level_is_known', violation_error_message='“level” must be one of: public, partner, team, restricted.'),
        ),
    ]
