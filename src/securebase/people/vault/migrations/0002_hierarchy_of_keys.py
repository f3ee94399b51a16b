"""Practice keys, generations of data keys, tombstones, rotations, sheets and the index.

No key is touched here, because tables are renewed before a locked vault is opened; the
first use afterwards takes what is there into the new order (``vault.keys.establish``).
"""

import django.db.models.deletion
from django.db import migrations, models


def begin_counting(apps, schema_editor):
    """Make the one row that counts changes of keys."""
    apps.get_model("vault", "RingVersion").objects.get_or_create(pk=1)


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedOwner',
            fields=[
                ('owner', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField(null=True)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='PracticeKey',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
                ('mark', models.BinaryField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('wrapped_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='RingVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('root', 'root key'), ('practice', 'practice key'), ('data', 'data keys')], max_length=8)),
                ('after', models.BigIntegerField(default=0)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SheetTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BinaryField()),
                ('shares', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField(null=True)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddField(
            model_name='datakey',
            name='generation',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='datakey',
            name='owner',
            field=models.UUIDField(),
        ),
        migrations.CreateModel(
            name='BlindIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=80)),
                ('owner', models.UUIDField(db_index=True)),
                ('generation', models.PositiveIntegerField()),
                ('digest', models.BinaryField()),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['field', 'digest'], name='blind_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('field', 'owner'), name='one_digest_a_value')],
            },
        ),
        migrations.AddField(
            model_name='datakey',
            name='practice_key',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_keys', to='vault.practicekey'),
        ),
        migrations.AddConstraint(
            model_name='datakey',
            constraint=models.UniqueConstraint(fields=('owner', 'generation'), name='an_owner_has_one_key_a_generation'),
        ),
        migrations.AddConstraint(
            model_name='ringversion',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_ring'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('kind',), name='one_rotation_of_a_kind_at_a_time'),
        ),
        migrations.RunPython(begin_counting, migrations.RunPython.noop),
    ]
