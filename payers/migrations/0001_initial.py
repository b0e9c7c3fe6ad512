import accounts.constraints
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Payer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=24, unique=True)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Short name used in imports.', max_length=16, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('line_of_business', models.CharField(choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('state', models.CharField(blank=True, help_text='State of regulation, if any.', max_length=2)),
                ('is_active', models.BooleanField(default=True)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='payers.payer')),
            ],
            options={
                'ordering': ('payer', 'code'),
                'constraints': [models.CheckConstraint(condition=models.Q(('line_of_business__in', ['medicare_ffs', 'medicare_advantage', 'commercial_fully_insured', 'commercial_self_funded', 'exchange', 'medicaid_managed', 'medicaid_ffs', 'fep'])), name='plan_line_of_business_known')],
            },
        ),
        migrations.CreateModel(
            name='ContractRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('code', models.CharField(max_length=5)),
                ('modifier', models.CharField(blank=True, max_length=2)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='payers.plan')),
            ],
            options={
                'ordering': ('plan', 'code', 'modifier', 'effective_from'),
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='contract_rate_has_source', violation_error_message='Say where this comes from: document, table or page.'), models.CheckConstraint(condition=models.Q(('confidence__in', ['A', 'B', 'C', 'D'])), name='contract_rate_confidence_known'), models.CheckConstraint(condition=models.Q(('effective_through__isnull', True), ('effective_through__gte', models.F('effective_from')), _connector='OR'), name='contract_rate_dates_in_order', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='contract_rate_not_negative'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('plan', '='), ('code', '='), ('modifier', '='), (accounts.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='contract_rate_never_overlaps', violation_error_message='Another row is already in force on some of these dates.')],
            },
        ),
        migrations.CreateModel(
            name='PayerHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=24)),
                ('name', models.CharField(max_length=80)),
                ('note', models.TextField(blank=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='payers.payer')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlanHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(help_text='Short name used in imports.', max_length=16)),
                ('name', models.CharField(max_length=120)),
                ('line_of_business', models.CharField(choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('state', models.CharField(blank=True, help_text='State of regulation, if any.', max_length=2)),
                ('is_active', models.BooleanField(default=True)),
                ('payer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.payer')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='payers.plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuthorizationPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('line_of_business', models.CharField(blank=True, choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('is_published', models.BooleanField(default=True, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('requirement', models.CharField(choices=[('required', 'Required'), ('not_required', 'Not required'), ('unknown', 'Not known – ask the payer')], max_length=12)),
                ('manager', models.CharField(blank=True, help_text='Who decides for the payer: eviCore, Carelon, Optum …', max_length=80)),
                ('phone', models.CharField(blank=True, max_length=24)),
                ('validity_days', models.PositiveSmallIntegerField(blank=True, help_text='Only a hint: the approval letter decides.', null=True)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='What they want to see.', size=None)),
                ('note', models.TextField(blank=True)),
                ('proposed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='payers.payer')),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='payers.plan')),
            ],
            options={
                'verbose_name_plural': 'authorization policies',
                'ordering': ('payer', 'line_of_business', 'effective_from'),
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='authorization_policy_has_source', violation_error_message='Say where this comes from: document, table or page.'), models.CheckConstraint(condition=models.Q(('confidence__in', ['A', 'B', 'C', 'D'])), name='authorization_policy_confidence_known'), models.CheckConstraint(condition=models.Q(('effective_through__isnull', True), ('effective_through__gte', models.F('effective_from')), _connector='OR'), name='authorization_policy_dates_in_order', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('requirement__in', ['required', 'not_required', 'unknown'])), name='authorization_policy_requirement_known'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='authorization_policy_published_pair'), models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), models.Q(('is_published', False), ('published_by__isnull', True)), models.Q(('is_published', True), ('published_by__isnull', False), models.Q(('published_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='authorization_policy_published_by_another', violation_error_message='Another person publishes what one has proposed.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_published', True)), expressions=[('payer', '='), ('line_of_business', '='), (django.db.models.functions.comparison.Coalesce(models.F('plan'), models.Value(0), output_field=models.BigIntegerField()), '='), (accounts.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='authorization_policy_never_overlaps', violation_error_message='Another policy already speaks for this scope on some of these dates.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_published', False)), expressions=[('payer', '='), ('line_of_business', '='), (django.db.models.functions.comparison.Coalesce(models.F('plan'), models.Value(0), output_field=models.BigIntegerField()), '='), (accounts.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='authorization_policy_proposed_once', violation_error_message='Another policy already speaks for this scope on some of these dates.')],
            },
        ),
        migrations.CreateModel(
            name='CodingPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('line_of_business', models.CharField(blank=True, choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('is_published', models.BooleanField(default=True, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('topic', models.CharField(choices=[('modifier_26', 'Modifier 26 on 77387'), ('legacy_guidance_codes', 'Guidance codes before 2026'), ('second_session_modifier', 'Second session of a day'), ('surface_guidance', 'Surface guidance alone'), ('proton_guidance', 'Guidance with protons'), ('last_fraction_review_hours', 'Review of the last fraction'), ('diagnosis_order', 'Order of diagnoses'), ('timely_filing', 'Filing limit'), ('old_authorizations', 'Authorizations in codes of before 2026')], max_length=28)),
                ('value', models.CharField(help_text='Modifier 26: required, either or rejected. Filing limit: 90 days or 12 calendar months. Review of the last fraction: hours. Surface and proton: billable or not_billable.', max_length=40)),
                ('note', models.TextField(blank=True)),
                ('proposed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='payers.payer')),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='payers.plan')),
            ],
            options={
                'verbose_name_plural': 'coding policies',
                'ordering': ('payer', 'topic', 'effective_from'),
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='coding_policy_has_source', violation_error_message='Say where this comes from: document, table or page.'), models.CheckConstraint(condition=models.Q(('confidence__in', ['A', 'B', 'C', 'D'])), name='coding_policy_confidence_known'), models.CheckConstraint(condition=models.Q(('effective_through__isnull', True), ('effective_through__gte', models.F('effective_from')), _connector='OR'), name='coding_policy_dates_in_order', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('topic__in', ['modifier_26', 'legacy_guidance_codes', 'second_session_modifier', 'surface_guidance', 'proton_guidance', 'last_fraction_review_hours', 'diagnosis_order', 'timely_filing', 'old_authorizations'])), name='coding_policy_topic_known'), models.CheckConstraint(condition=models.Q(models.Q(('topic', 'modifier_26'), ('value__in', ('required', 'either', 'rejected'))), models.Q(('topic', 'legacy_guidance_codes'), ('value__in', ('77387', 'legacy'))), models.Q(('topic', 'second_session_modifier'), ('value__in', ('76_77', '59', 'XE'))), models.Q(('topic__in', ('surface_guidance', 'proton_guidance')), ('value__in', ('billable', 'not_billable'))), models.Q(('topic', 'last_fraction_review_hours'), ('value__regex', '^[1-9][0-9]{0,3}$')), models.Q(('topic', 'old_authorizations'), ('value__in', ('recoded_by_payer', 'revise'))), models.Q(('topic', 'diagnosis_order'), ('value__in', ('z510_first', 'malignancy_first'))), models.Q(('topic', 'timely_filing'), ('value__regex', '^([1-9][0-9]{0,3} (days|calendar months)|end of next calendar year)$')), _connector='OR'), name='coding_policy_value_fits_topic', violation_error_message='This value does not answer this topic.'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='coding_policy_published_pair'), models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), models.Q(('is_published', False), ('published_by__isnull', True)), models.Q(('is_published', True), ('published_by__isnull', False), models.Q(('published_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='coding_policy_published_by_another', violation_error_message='Another person publishes what one has proposed.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_published', True)), expressions=[('payer', '='), ('line_of_business', '='), (django.db.models.functions.comparison.Coalesce(models.F('plan'), models.Value(0), output_field=models.BigIntegerField()), '='), ('topic', '='), (accounts.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='coding_policy_never_overlaps', violation_error_message='Another policy already answers this for the same scope and dates.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_published', False)), expressions=[('payer', '='), ('line_of_business', '='), (django.db.models.functions.comparison.Coalesce(models.F('plan'), models.Value(0), output_field=models.BigIntegerField()), '='), ('topic', '='), (accounts.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='coding_policy_proposed_once', violation_error_message='Another policy already answers this for the same scope and dates.')],
            },
        ),
        migrations.CreateModel(
            name='ContractRateHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('code', models.CharField(max_length=5)),
                ('modifier', models.CharField(blank=True, max_length=2)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='payers.contractrate')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CodingPolicyHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('line_of_business', models.CharField(blank=True, choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('is_published', models.BooleanField(default=True, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('topic', models.CharField(choices=[('modifier_26', 'Modifier 26 on 77387'), ('legacy_guidance_codes', 'Guidance codes before 2026'), ('second_session_modifier', 'Second session of a day'), ('surface_guidance', 'Surface guidance alone'), ('proton_guidance', 'Guidance with protons'), ('last_fraction_review_hours', 'Review of the last fraction'), ('diagnosis_order', 'Order of diagnoses'), ('timely_filing', 'Filing limit'), ('old_authorizations', 'Authorizations in codes of before 2026')], max_length=28)),
                ('value', models.CharField(help_text='Modifier 26: required, either or rejected. Filing limit: 90 days or 12 calendar months. Review of the last fraction: hours. Surface and proton: billable or not_billable.', max_length=40)),
                ('note', models.TextField(blank=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='payers.codingpolicy')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('payer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.payer')),
                ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuthorizationPolicyHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_through', models.DateField(blank=True, help_text='Last day on which this is true. Empty: until further notice.', null=True)),
                ('source', models.CharField(help_text='Who says so: document, table, page.', max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=400)),
                ('verified_on', models.DateField(help_text='The day somebody last looked.')),
                ('confidence', models.CharField(choices=[('A', 'A – read in an official table'), ('B', 'B – specialty society, payer or contractor page'), ('C', 'C – trade press or secondary source'), ('D', 'D – field knowledge, not yet verified')], default='D', max_length=1)),
                ('line_of_business', models.CharField(blank=True, choices=[('medicare_ffs', 'Medicare fee-for-service'), ('medicare_advantage', 'Medicare Advantage'), ('commercial_fully_insured', 'Commercial, fully insured'), ('commercial_self_funded', 'Commercial, self-funded'), ('exchange', 'Exchange'), ('medicaid_managed', 'Medicaid managed care'), ('medicaid_ffs', 'Medicaid fee-for-service'), ('fep', 'Federal employees')], max_length=28)),
                ('is_published', models.BooleanField(default=True, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('requirement', models.CharField(choices=[('required', 'Required'), ('not_required', 'Not required'), ('unknown', 'Not known – ask the payer')], max_length=12)),
                ('manager', models.CharField(blank=True, help_text='Who decides for the payer: eviCore, Carelon, Optum …', max_length=80)),
                ('phone', models.CharField(blank=True, max_length=24)),
                ('validity_days', models.PositiveSmallIntegerField(blank=True, help_text='Only a hint: the approval letter decides.', null=True)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='What they want to see.', size=None)),
                ('note', models.TextField(blank=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='payers.authorizationpolicy')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('payer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.payer')),
                ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='payers.plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_payerhistory" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."key", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='ed7438a086e727c4fc60507ea95dca48184ca5ee', operation='INSERT', pgid='pgtrigger_insert_insert_fdf61', table='payers_payer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "payers_payerhistory" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."key", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='d1bf50e108ded4efae126acb01a8d8ce5e8ae373', operation='UPDATE', pgid='pgtrigger_update_update_d5fdd', table='payers_payer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_payerhistory" ("id", "key", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."key", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='93c3cf06babbc3cf621ae8cb7f86a46c734180cf', operation='DELETE', pgid='pgtrigger_delete_delete_68a0c', table='payers_payer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payerhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9c9a863dbd23f6cfd6b34a6e90986099f4e530f9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_886f4', table='payers_payerhistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_planhistory" ("code", "id", "is_active", "line_of_business", "name", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."line_of_business", NEW."name", NEW."payer_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state"); RETURN NULL;', hash='a1267b752728bc9e2dd8b44f818759329212d1b2', operation='INSERT', pgid='pgtrigger_insert_insert_d33cf', table='payers_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "payers_planhistory" ("code", "id", "is_active", "line_of_business", "name", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."line_of_business", NEW."name", NEW."payer_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state"); RETURN NULL;', hash='28ff251f910936f8c6c58631e93cb811eaf46f17', operation='UPDATE', pgid='pgtrigger_update_update_51d51', table='payers_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_planhistory" ("code", "id", "is_active", "line_of_business", "name", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (OLD."code", OLD."id", OLD."is_active", OLD."line_of_business", OLD."name", OLD."payer_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state"); RETURN NULL;', hash='d1d12eab95641e900e2f3dd965169ae8b360aed8', operation='DELETE', pgid='pgtrigger_delete_delete_e3034', table='payers_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractratehistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6da86ce2d2580d4887472b5443785712cc35ffbb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5e308', table='payers_contractratehistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractrate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_contractratehistory" ("amount", "code", "confidence", "effective_from", "effective_through", "id", "modifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "source", "source_url", "verified_on") VALUES (NEW."amount", NEW."code", NEW."confidence", NEW."effective_from", NEW."effective_through", NEW."id", NEW."modifier", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."source", NEW."source_url", NEW."verified_on"); RETURN NULL;', hash='3b68726cbd3cc89a7d020cea8e198fce3ec93994', operation='INSERT', pgid='pgtrigger_insert_insert_9d826', table='payers_contractrate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractrate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "payers_contractratehistory" ("amount", "code", "confidence", "effective_from", "effective_through", "id", "modifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "source", "source_url", "verified_on") VALUES (NEW."amount", NEW."code", NEW."confidence", NEW."effective_from", NEW."effective_through", NEW."id", NEW."modifier", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."source", NEW."source_url", NEW."verified_on"); RETURN NULL;', hash='e3ce87cfc1631d03795a59f1f49d2039fbcda1b3', operation='UPDATE', pgid='pgtrigger_update_update_8d517', table='payers_contractrate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractrate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_contractratehistory" ("amount", "code", "confidence", "effective_from", "effective_through", "id", "modifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "source", "source_url", "verified_on") VALUES (OLD."amount", OLD."code", OLD."confidence", OLD."effective_from", OLD."effective_through", OLD."id", OLD."modifier", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."source", OLD."source_url", OLD."verified_on"); RETURN NULL;', hash='10b005d38481e2404c326bf03e397abb556cf5c8', operation='DELETE', pgid='pgtrigger_delete_delete_7d8be', table='payers_contractrate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codingpolicyhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ac097e715bdd199332b0a06afd2c556d73af0ede', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2074e', table='payers_codingpolicyhistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_codingpolicyhistory" ("confidence", "effective_from", "effective_through", "id", "is_published", "line_of_business", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "proposed_by_id", "published_at", "published_by_id", "source", "source_url", "topic", "value", "verified_on") VALUES (NEW."confidence", NEW."effective_from", NEW."effective_through", NEW."id", NEW."is_published", NEW."line_of_business", NEW."note", NEW."payer_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."proposed_by_id", NEW."published_at", NEW."published_by_id", NEW."source", NEW."source_url", NEW."topic", NEW."value", NEW."verified_on"); RETURN NULL;', hash='7e824df6f52e3220a5dd170a1f36c35586781b47', operation='INSERT', pgid='pgtrigger_insert_insert_8cb48', table='payers_codingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "payers_codingpolicyhistory" ("confidence", "effective_from", "effective_through", "id", "is_published", "line_of_business", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "proposed_by_id", "published_at", "published_by_id", "source", "source_url", "topic", "value", "verified_on") VALUES (NEW."confidence", NEW."effective_from", NEW."effective_through", NEW."id", NEW."is_published", NEW."line_of_business", NEW."note", NEW."payer_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."proposed_by_id", NEW."published_at", NEW."published_by_id", NEW."source", NEW."source_url", NEW."topic", NEW."value", NEW."verified_on"); RETURN NULL;', hash='9c3564ad752f8c30facd445e7839114f9f0d78c8', operation='UPDATE', pgid='pgtrigger_update_update_91bc8', table='payers_codingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_codingpolicyhistory" ("confidence", "effective_from", "effective_through", "id", "is_published", "line_of_business", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "proposed_by_id", "published_at", "published_by_id", "source", "source_url", "topic", "value", "verified_on") VALUES (OLD."confidence", OLD."effective_from", OLD."effective_through", OLD."id", OLD."is_published", OLD."line_of_business", OLD."note", OLD."payer_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."proposed_by_id", OLD."published_at", OLD."published_by_id", OLD."source", OLD."source_url", OLD."topic", OLD."value", OLD."verified_on"); RETURN NULL;', hash='c71f7f54755d3f94e3d8d295558a7a10cc189f05', operation='DELETE', pgid='pgtrigger_delete_delete_e9e6a', table='payers_codingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorizationpolicyhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='30d66cde6be7cb096814a50b5edb75f05b6875b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_81ca9', table='payers_authorizationpolicyhistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorizationpolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_authorizationpolicyhistory" ("confidence", "documents", "effective_from", "effective_through", "id", "is_published", "line_of_business", "manager", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "plan_id", "proposed_by_id", "published_at", "published_by_id", "requirement", "source", "source_url", "validity_days", "verified_on") VALUES (NEW."confidence", NEW."documents", NEW."effective_from", NEW."effective_through", NEW."id", NEW."is_published", NEW."line_of_business", NEW."manager", NEW."note", NEW."payer_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."plan_id", NEW."proposed_by_id", NEW."published_at", NEW."published_by_id", NEW."requirement", NEW."source", NEW."source_url", NEW."validity_days", NEW."verified_on"); RETURN NULL;', hash='0f4425e6a7680d44fc10af46517959be0a528e1a', operation='INSERT', pgid='pgtrigger_insert_insert_5d454', table='payers_authorizationpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorizationpolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "payers_authorizationpolicyhistory" ("confidence", "documents", "effective_from", "effective_through", "id", "is_published", "line_of_business", "manager", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "plan_id", "proposed_by_id", "published_at", "published_by_id", "requirement", "source", "source_url", "validity_days", "verified_on") VALUES (NEW."confidence", NEW."documents", NEW."effective_from", NEW."effective_through", NEW."id", NEW."is_published", NEW."line_of_business", NEW."manager", NEW."note", NEW."payer_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."plan_id", NEW."proposed_by_id", NEW."published_at", NEW."published_by_id", NEW."requirement", NEW."source", NEW."source_url", NEW."validity_days", NEW."verified_on"); RETURN NULL;', hash='030ade6c60c1ec0e12d5aac1a552aa5119867160', operation='UPDATE', pgid='pgtrigger_update_update_dca40', table='payers_authorizationpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorizationpolicy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "payers_authorizationpolicyhistory" ("confidence", "documents", "effective_from", "effective_through", "id", "is_published", "line_of_business", "manager", "note", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "plan_id", "proposed_by_id", "published_at", "published_by_id", "requirement", "source", "source_url", "validity_days", "verified_on") VALUES (OLD."confidence", OLD."documents", OLD."effective_from", OLD."effective_through", OLD."id", OLD."is_published", OLD."line_of_business", OLD."manager", OLD."note", OLD."payer_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."plan_id", OLD."proposed_by_id", OLD."published_at", OLD."published_by_id", OLD."requirement", OLD."source", OLD."source_url", OLD."validity_days", OLD."verified_on"); RETURN NULL;', hash='f764f6014b7451f5e801ecf30e966bfd3bb28e6b', operation='DELETE', pgid='pgtrigger_delete_delete_dc9c5', table='payers_authorizationpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fd0f14c7c6c5ed0c03575327e0e3b7727da471a9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f4d8c', table='payers_planhistory', when='BEFORE')),
        ),
    ]
