import accounts.database.constraints
import accounts.models
import accounts.database.create_models
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

from accounts.database.functions import DAY_SPAN, DROP_DAY_SPAN, DROP_NPI_IS_VALID, NPI_IS_VALID


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(NPI_IS_VALID, DROP_NPI_IS_VALID),
        migrations.RunSQL(DAY_SPAN, DROP_DAY_SPAN),
        accounts.database.create_models.CreateModels(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                        ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'user',
                        'verbose_name_plural': 'users',
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userhistory" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_login", "last_name", "password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_login", NEW."last_name", NEW."password", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."username"); RETURN NULL;', hash='1c73dc42e649f03a00f6b7e58cb925e21fb47349', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_userhistory" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_login", "last_name", "password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_login", NEW."last_name", NEW."password", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."username"); RETURN NULL;', hash='26133a580fba5d97dedc34be84705303c37c7154', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userhistory" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_login", "last_name", "password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."date_joined", OLD."email", OLD."first_name", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."last_login", OLD."last_name", OLD."password", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."username"); RETURN NULL;', hash='fa57d8ff1cc329b9533a4038257ca16bfd53c0e7', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER'))],
                        'indexes': [],
                        'constraints': [],
                    },
                    managers=[
                        ('objects', django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='UserHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                        ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='68ffa9ce3b529c4c151c9348adc79b98119cd550', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4f815', table='accounts_userhistory', when='BEFORE'))],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Facility',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(help_text='Short name used in imports.', max_length=16, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('place_of_service', models.CharField(help_text='Two digits: 11 office or freestanding, 19 off-campus, 22 on-campus hospital.', max_length=2, validators=[django.core.validators.RegexValidator('^\\d\\d$', 'Two digits, such as 22.')])),
                        ('npi', models.CharField(blank=True, max_length=10, verbose_name='NPI')),
                        ('state', models.CharField(help_text='Two letters, such as IL.', max_length=2)),
                        ('time_zone', models.CharField(default='America/Chicago', max_length=40, validators=[accounts.models.check_time_zone])),
                        ('machines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('closed_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, help_text='Days without treatment besides weekends and federal holidays: 2026-11-27, …', size=None)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_made_up', models.BooleanField(db_default=False, default=False, editable=False, help_text='Of the demo: nobody is real.')),
                    ],
                    options={
                        'verbose_name_plural': 'facilities',
                        'ordering': ('code',),
                        'constraints': [models.CheckConstraint(condition=models.Q(('npi', ''), accounts.database.constraints.NpiIsValid(models.F('npi')), _connector='OR'), name='facility_npi_valid', violation_error_message='This NPI is not right: ten digits, the last one a check digit.'), models.CheckConstraint(condition=models.Q(('place_of_service__regex', '^[0-9]{2}$')), name='facility_pos_two_digits')],
                        'triggers': [pgtrigger.compiler.Trigger(name='facility_time_zone_known', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.time_zone NOT IN ('America/New_York', 'America/Detroit', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu') AND NOT EXISTS (\n                SELECT 1 FROM pg_timezone_names WHERE name = NEW.time_zone) THEN\n                RAISE EXCEPTION 'Not a time zone: write it like America/Chicago'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'facility_time_zone_known';\n            END IF;\n            RETURN NEW;\n        ", hash='614ad0ab094dc7e2f5eceb8d9497c3cbec092e59', operation='INSERT OR UPDATE OF "time_zone"', pgid='pgtrigger_facility_time_zone_known_1cd42', table='accounts_facility', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_facilityhistory" ("closed_days", "code", "id", "is_active", "is_made_up", "machines", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_of_service", "state", "time_zone") VALUES (NEW."closed_days", NEW."code", NEW."id", NEW."is_active", NEW."is_made_up", NEW."machines", NEW."name", NEW."npi", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place_of_service", NEW."state", NEW."time_zone"); RETURN NULL;', hash='dfef8ffa971369c74c2a0a5e9965b24769d2c3dd', operation='INSERT', pgid='pgtrigger_insert_insert_bc6db', table='accounts_facility', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_facilityhistory" ("closed_days", "code", "id", "is_active", "is_made_up", "machines", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_of_service", "state", "time_zone") VALUES (NEW."closed_days", NEW."code", NEW."id", NEW."is_active", NEW."is_made_up", NEW."machines", NEW."name", NEW."npi", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place_of_service", NEW."state", NEW."time_zone"); RETURN NULL;', hash='d3b45ba734566e3b6c24df719db5cff0427ac783', operation='UPDATE', pgid='pgtrigger_update_update_1d5e8', table='accounts_facility', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_facilityhistory" ("closed_days", "code", "id", "is_active", "is_made_up", "machines", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_of_service", "state", "time_zone") VALUES (OLD."closed_days", OLD."code", OLD."id", OLD."is_active", OLD."is_made_up", OLD."machines", OLD."name", OLD."npi", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place_of_service", OLD."state", OLD."time_zone"); RETURN NULL;', hash='97207e40df8bdd9fbaf6f476eccb7c90e32c2676', operation='DELETE', pgid='pgtrigger_delete_delete_28991', table='accounts_facility', when='AFTER'))],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='FacilityHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='accounts.facility')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('code', models.CharField(help_text='Short name used in imports.', max_length=16)),
                        ('name', models.CharField(max_length=120)),
                        ('place_of_service', models.CharField(help_text='Two digits: 11 office or freestanding, 19 off-campus, 22 on-campus hospital.', max_length=2, validators=[django.core.validators.RegexValidator('^\\d\\d$', 'Two digits, such as 22.')])),
                        ('npi', models.CharField(blank=True, max_length=10, verbose_name='NPI')),
                        ('state', models.CharField(help_text='Two letters, such as IL.', max_length=2)),
                        ('time_zone', models.CharField(default='America/Chicago', max_length=40, validators=[accounts.models.check_time_zone])),
                        ('machines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('closed_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, help_text='Days without treatment besides weekends and federal holidays: 2026-11-27, …', size=None)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_made_up', models.BooleanField(db_default=False, default=False, editable=False, help_text='Of the demo: nobody is real.')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9409396333d4b146e8dda7c8b865cc261ac84017', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_623f1', table='accounts_facilityhistory', when='BEFORE'))],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Provider',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('npi', models.CharField(blank=True, max_length=10, verbose_name='NPI')),
                        ('name', models.CharField(max_length=120)),
                        ('role', models.CharField(choices=[('radiation_oncologist', 'Radiation oncologist'), ('resident', 'Resident'), ('physicist', 'Physicist'), ('therapist', 'Therapist'), ('other', 'Other'), ('unknown', 'Not in our book')], max_length=24)),
                        ('taxonomy', models.CharField(blank=True, max_length=10)),
                        ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='provider', to=settings.AUTH_USER_MODEL)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'ordering': ('name',),
                        'constraints': [models.CheckConstraint(condition=models.Q(('npi', ''), accounts.database.constraints.NpiIsValid(models.F('npi')), _connector='OR'), name='provider_npi_valid', violation_error_message='This NPI is not right: ten digits, the last one a check digit.'), models.CheckConstraint(condition=models.Q(('role__in', ['radiation_oncologist', 'resident', 'physicist', 'therapist', 'other', 'unknown'])), name='provider_role_known'), models.UniqueConstraint(condition=models.Q(('npi', ''), _negated=True), fields=('npi',), name='provider_npi_once'), models.UniqueConstraint(condition=models.Q(('npi', '')), fields=('name', 'role'), name='provider_without_npi_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_providerhistory" ("id", "is_active", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "taxonomy", "user_id") VALUES (NEW."id", NEW."is_active", NEW."name", NEW."npi", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."taxonomy", NEW."user_id"); RETURN NULL;', hash='3153d6d74ae9e3bb7008afc49996d0fe0e4d9759', operation='INSERT', pgid='pgtrigger_insert_insert_5bf97', table='accounts_provider', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_providerhistory" ("id", "is_active", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "taxonomy", "user_id") VALUES (NEW."id", NEW."is_active", NEW."name", NEW."npi", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."taxonomy", NEW."user_id"); RETURN NULL;', hash='453a5ae1b75715ce2259ca0fb0610c6d02622fe4', operation='UPDATE', pgid='pgtrigger_update_update_c0eb8', table='accounts_provider', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_providerhistory" ("id", "is_active", "name", "npi", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "taxonomy", "user_id") VALUES (OLD."id", OLD."is_active", OLD."name", OLD."npi", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."taxonomy", OLD."user_id"); RETURN NULL;', hash='568dffcf63891908c63d830fa4838b7d580409a9', operation='DELETE', pgid='pgtrigger_delete_delete_01e6a', table='accounts_provider', when='AFTER'))],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='ProviderHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='accounts.provider')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('npi', models.CharField(blank=True, max_length=10, verbose_name='NPI')),
                        ('name', models.CharField(max_length=120)),
                        ('role', models.CharField(choices=[('radiation_oncologist', 'Radiation oncologist'), ('resident', 'Resident'), ('physicist', 'Physicist'), ('therapist', 'Therapist'), ('other', 'Other'), ('unknown', 'Not in our book')], max_length=24)),
                        ('taxonomy', models.CharField(blank=True, max_length=10)),
                        ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='61e71dc861f87115f08ad902d442f48483e5bdf0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_54647', table='accounts_providerhistory', when='BEFORE'))],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('facility', models.ForeignKey(blank=True, help_text='Empty means every facility.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.facility')),
                        ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('physician', 'Physician'), ('coder', 'Coder'), ('manager', 'Manager'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=16)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'therapist', 'physician', 'coder', 'manager', 'administrator', 'auditor'])), name='membership_role_known'), models.UniqueConstraint(fields=('user', 'facility', 'role'), name='membership_once', nulls_distinct=False)],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershiphistory" ("facility_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."facility_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='c785a2a6e00943e77339a034a89d8504ce523ecf', operation='INSERT', pgid='pgtrigger_insert_insert_fc05a', table='accounts_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_membershiphistory" ("facility_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."facility_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='1c2fd2f53527137d28377fa298978fdd80f58f97', operation='UPDATE', pgid='pgtrigger_update_update_20ab5', table='accounts_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershiphistory" ("facility_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."facility_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;', hash='eb8a7444b2de4ade0d4ee37eec247fa3b9934776', operation='DELETE', pgid='pgtrigger_delete_delete_19a8f', table='accounts_membership', when='AFTER'))],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='MembershipHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='accounts.membership')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('facility', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty means every facility.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.facility')),
                        ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('physician', 'Physician'), ('coder', 'Coder'), ('manager', 'Manager'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=16)),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9ee43f83afd372f3941d93d61b0d68b7fab7a8d3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_123dc', table='accounts_membershiphistory', when='BEFORE'))],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='AccessEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('action', models.CharField(choices=[('view', 'Viewed'), ('search', 'Searched'), ('export', 'Exported')], max_length=8)),
                        ('page', models.CharField(help_text='The name of the page, never its address.', max_length=80)),
                        ('patient_number', models.BigIntegerField(help_text='Our own number of the patient, no identifier of the outside world.', null=True)),
                        ('rows', models.PositiveIntegerField(default=1)),
                        ('address', models.GenericIPAddressField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['patient_number', '-at'], name='access_by_patient'), models.Index(fields=['by', '-at'], name='access_by_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['view', 'search', 'export'])), name='access_event_action_known')],
                        'triggers': [pgtrigger.compiler.Trigger(name='access_event_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='59ff18b6b446b6719f0a273ae2456d816133fc33', operation='UPDATE OR DELETE', pgid='pgtrigger_access_event_append_only_031f7', table='accounts_accessevent', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='SentForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(unique=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('target', models.CharField(blank=True, help_text='The page it led to.', max_length=120)),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='SignInFailure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=150)),
                        ('address', models.GenericIPAddressField(null=True)),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('device', models.CharField(blank=True, db_default='', help_text='A browser that knew the name before.', max_length=22)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['name', 'at'], name='sign_in_failure_by_name'), models.Index(fields=['address', 'at'], name='sign_in_failure_by_address')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='DutySetting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('duty', models.CharField(help_text='The key of the row that is switched off.', max_length=40)),
                        ('effective_from', models.DateField()),
                        ('effective_through', models.DateField(blank=True, null=True)),
                        ('reason', models.TextField()),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('duty', 'effective_from'),
                        'indexes': [],
                        'constraints': [models.CheckConstraint(condition=models.Q(('effective_through__isnull', True), ('effective_through__gte', models.F('effective_from')), _connector='OR'), name='duty_setting_in_order', violation_error_message='The last day is before the first.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('duty', '='), (accounts.database.constraints.DateSpan(models.F('effective_from'), models.F('effective_through')), '&&')], name='duty_setting_once', violation_error_message='Another row is already in force on some of these dates.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='duty_setting_has_a_reason')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_dutysettinghistory" ("at", "by_id", "duty", "effective_from", "effective_through", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."duty", NEW."effective_from", NEW."effective_through", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;', hash='cacf6708f14ff45b4c7015c2268797a329c31659', operation='INSERT', pgid='pgtrigger_insert_insert_eea14', table='accounts_dutysetting', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_dutysettinghistory" ("at", "by_id", "duty", "effective_from", "effective_through", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."duty", NEW."effective_from", NEW."effective_through", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;', hash='24630dfb0fdc400b44810454ab16df356731d1d7', operation='UPDATE', pgid='pgtrigger_update_update_d9dc3', table='accounts_dutysetting', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_dutysettinghistory" ("at", "by_id", "duty", "effective_from", "effective_through", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."at", OLD."by_id", OLD."duty", OLD."effective_from", OLD."effective_through", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;', hash='0b159100fd50c098292706bf59e1a506aed11178', operation='DELETE', pgid='pgtrigger_delete_delete_2877a', table='accounts_dutysetting', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='DutySettingHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('duty', models.CharField(help_text='The key of the row that is switched off.', max_length=40)),
                        ('effective_from', models.DateField()),
                        ('effective_through', models.DateField(blank=True, null=True)),
                        ('reason', models.TextField()),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='accounts.dutysetting')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='43e12e82d4a0469711473b04084337c3ae4fdea3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_52c39', table='accounts_dutysettinghistory', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ProposedChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('person', 'Person who signs in'), ('role', 'Role'), ('password_reset', 'Password reset'), ('clinician_login', 'Login of a clinician'), ('policy', 'Published policy'), ('book_row', 'Plan or facility'), ('duty_setting', 'Rule of two people switched off')], max_length=16)),
                        ('role', models.CharField(blank=True, choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('physician', 'Physician'), ('coder', 'Coder'), ('manager', 'Manager'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=16)),
                        ('book', models.CharField(blank=True, help_text='The table of the row.', max_length=40)),
                        ('row', models.BigIntegerField(help_text='The number of the row in it.', null=True)),
                        ('subject', models.CharField(blank=True, help_text='The row in words.', max_length=300)),
                        ('values', models.JSONField(default=dict, help_text='The new value of each field.')),
                        ('proposed_at', models.DateTimeField(auto_now_add=True)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('declined_at', models.DateTimeField(null=True)),
                        ('decline_reason', models.CharField(blank=True, max_length=500)),
                        ('took_effect_alone', models.BooleanField(default=False)),
                        ('seen_at', models.DateTimeField(null=True)),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('declined_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('facility', models.ForeignKey(help_text='Empty means every facility.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.facility')),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposed_changes', to=settings.AUTH_USER_MODEL)),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposed_changes', to='accounts.provider')),
                        ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('proposed_at', 'pk'),
                        'indexes': [],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'role', 'password_reset', 'clinician_login', 'policy', 'book_row', 'duty_setting'])), name='proposed_change_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='proposed_change_confirmed_pair'), models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('declined_by__isnull', True)), models.Q(('declined_at__isnull', False), ('declined_by__isnull', False)), _connector='OR'), name='proposed_change_declined_pair'), models.CheckConstraint(condition=models.Q(models.Q(('seen_at__isnull', True), ('seen_by__isnull', True)), models.Q(('seen_at__isnull', False), ('seen_by__isnull', False)), _connector='OR'), name='proposed_change_seen_pair'), models.CheckConstraint(condition=models.Q(('declined_at__isnull', True), models.Q(('confirmed_at__isnull', True), ('took_effect_alone', False)), _connector='OR'), name='proposed_change_decided_once'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), models.Q(('person__isnull', True), models.Q(('confirmed_by', models.F('person')), _negated=True), _connector='OR')), _connector='OR'), name='proposed_change_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('took_effect_alone', False), models.Q(('confirmed_at__isnull', True), models.Q(('person__isnull', True), models.Q(('person', models.F('proposed_by')), _negated=True), _connector='OR')), _connector='OR'), name='proposed_change_alone_never_about_oneself'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'role'), _negated=True), models.Q(('person', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposed_change_never_ones_own_role'), models.CheckConstraint(condition=models.Q(('seen_by__isnull', True), models.Q(('took_effect_alone', True), models.Q(('seen_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposed_change_seen_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('person', 'password_reset')), ('person__isnull', False)), models.Q(('kind', 'role'), ('person__isnull', False), ('role__in', ['front_desk', 'therapist', 'physician', 'coder', 'manager', 'administrator', 'auditor'])), models.Q(('kind', 'clinician_login'), ('person__isnull', False), ('provider__isnull', False)), models.Q(('kind__in', ('policy', 'book_row')), ('row__isnull', False), models.Q(('book', ''), _negated=True), models.Q(('values', {}), _negated=True)), models.Q(('kind', 'duty_setting'), models.Q(('values', {}), _negated=True)), _connector='OR'), name='proposed_change_says_what')],
                        'triggers': [pgtrigger.compiler.Trigger(name='decided_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confirmed_at" IS NOT NULL OR OLD."declined_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2edaad64afd5d674881777181c21bb6885402651', operation='UPDATE', pgid='pgtrigger_decided_is_final_5424d', table='accounts_proposedchange', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4112fa50d5936d2dc35d1a40af3e8d4af039c521', operation='DELETE', pgid='pgtrigger_never_deleted_68060', table='accounts_proposedchange', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_proposedchangehistory" ("book", "confirmed_at", "confirmed_by_id", "decline_reason", "declined_at", "declined_by_id", "facility_id", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "provider_id", "role", "row", "seen_at", "seen_by_id", "subject", "took_effect_alone", "values") VALUES (NEW."book", NEW."confirmed_at", NEW."confirmed_by_id", NEW."decline_reason", NEW."declined_at", NEW."declined_by_id", NEW."facility_id", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."provider_id", NEW."role", NEW."row", NEW."seen_at", NEW."seen_by_id", NEW."subject", NEW."took_effect_alone", NEW."values"); RETURN NULL;', hash='ac87ae1035d1d5419864066088be490b9ad0a4bb', operation='INSERT', pgid='pgtrigger_insert_insert_a2924', table='accounts_proposedchange', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_proposedchangehistory" ("book", "confirmed_at", "confirmed_by_id", "decline_reason", "declined_at", "declined_by_id", "facility_id", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "provider_id", "role", "row", "seen_at", "seen_by_id", "subject", "took_effect_alone", "values") VALUES (NEW."book", NEW."confirmed_at", NEW."confirmed_by_id", NEW."decline_reason", NEW."declined_at", NEW."declined_by_id", NEW."facility_id", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."provider_id", NEW."role", NEW."row", NEW."seen_at", NEW."seen_by_id", NEW."subject", NEW."took_effect_alone", NEW."values"); RETURN NULL;', hash='a4073686f30cb0fb108439f62b21b178e9c67435', operation='UPDATE', pgid='pgtrigger_update_update_a8d6c', table='accounts_proposedchange', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_proposedchangehistory" ("book", "confirmed_at", "confirmed_by_id", "decline_reason", "declined_at", "declined_by_id", "facility_id", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "provider_id", "role", "row", "seen_at", "seen_by_id", "subject", "took_effect_alone", "values") VALUES (OLD."book", OLD."confirmed_at", OLD."confirmed_by_id", OLD."decline_reason", OLD."declined_at", OLD."declined_by_id", OLD."facility_id", OLD."id", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."provider_id", OLD."role", OLD."row", OLD."seen_at", OLD."seen_by_id", OLD."subject", OLD."took_effect_alone", OLD."values"); RETURN NULL;', hash='7a55f84b95957925ac9f23a7888855c0510fff14', operation='DELETE', pgid='pgtrigger_delete_delete_b2483', table='accounts_proposedchange', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ProposedChangeHistory',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('person', 'Person who signs in'), ('role', 'Role'), ('password_reset', 'Password reset'), ('clinician_login', 'Login of a clinician'), ('policy', 'Published policy'), ('book_row', 'Plan or facility'), ('duty_setting', 'Rule of two people switched off')], max_length=16)),
                        ('role', models.CharField(blank=True, choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('physician', 'Physician'), ('coder', 'Coder'), ('manager', 'Manager'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=16)),
                        ('book', models.CharField(blank=True, help_text='The table of the row.', max_length=40)),
                        ('row', models.BigIntegerField(help_text='The number of the row in it.', null=True)),
                        ('subject', models.CharField(blank=True, help_text='The row in words.', max_length=300)),
                        ('values', models.JSONField(default=dict, help_text='The new value of each field.')),
                        ('proposed_at', models.DateTimeField(auto_now_add=True)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('declined_at', models.DateTimeField(null=True)),
                        ('decline_reason', models.CharField(blank=True, max_length=500)),
                        ('took_effect_alone', models.BooleanField(default=False)),
                        ('seen_at', models.DateTimeField(null=True)),
                        ('confirmed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('declined_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('facility', models.ForeignKey(db_constraint=False, help_text='Empty means every facility.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.facility')),
                        ('person', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='accounts.proposedchange')),
                        ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('provider', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.provider')),
                        ('seen_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7ddc097c263384caef209c35914a2a729ca854f1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3e581', table='accounts_proposedchangehistory', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='KeptForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('page', models.CharField(help_text='The page the form stands on.', max_length=500)),
                        ('action', models.CharField(help_text='Where the form is sent.', max_length=500)),
                        ('fields', models.JSONField(help_text='Names and values, without passwords and files.')),
                        ('had_files', models.BooleanField(default=False, help_text='Files are not kept.')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_forms', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('at', 'id'),
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
