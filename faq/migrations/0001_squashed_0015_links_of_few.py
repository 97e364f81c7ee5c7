"""All tables as release 1.0.0 has them, what searches, and the two groups of editors.

The tables by `makemigrations`, on a database that has none. It stands for the fifteen migrations of before, which every database
since 1.0.0 has applied: `migrate` does nothing there but note it.
"""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import taggit.managers
from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import faq.models.fields
import faq.models.glossary
from faq.search import postgres, sqlite
from faq.search.sql import INDEX_TABLE

VIEWED = "alias attachment category contact entry feedback gap notice searchquery site step tag term version weblink".split()
EDITORS = [
    *(f"view_{name}" for name in VIEWED),
    *("add_entry", "change_entry", "delete_entry", "add_step", "change_step", "delete_step", "change_gap"),
]
LOOKED_AFTER = "alias attachment category contact notice tag term".split()
PUBLISHERS = [
    *EDITORS,
    *("publish_entry", "change_site", "delete_gap", "view_gone"),
    *(f"{action}_{name}" for action in ("add", "change", "delete") for name in LOOKED_AFTER),
]


def create_index(apps, schema_editor):
    statements = {"sqlite": [sqlite.CREATE], "postgresql": postgres.CREATE}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {INDEX_TABLE}")


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations: here they are needed at once, those of the installed models.
    create_permissions(installed.get_app_config("faq"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in (("Redaktion", EDITORS), ("Freigabe", PUBLISHERS)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="faq", codename__in=codenames))


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=("Redaktion", "Freigabe")).delete()


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("faq", "0001_initial"),
        ("faq", "0002_search"),
        ("faq", "0003_editing"),
        ("faq", "0004_publish_permission"),
        ("faq", "0005_gap_in_charge"),
        ("faq", "0006_version_base"),
        ("faq", "0007_attachments"),
        ("faq", "0008_merged_tags"),
        ("faq", "0009_gone_public"),
        ("faq", "0010_readers"),
        ("faq", "0011_readers_data"),
        ("faq", "0012_faster_at_many"),
        ("faq", "0013_counts_by_index"),
        ("faq", "0014_latest_first"),
        ("faq", "0015_links_of_few"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(address=True, help_text='Die Adresse der Seite: /anker/', max_length=120, unique=True, verbose_name='Anker')),
                ('title', faq.models.fields.LineField(max_length=300, verbose_name='Titel')),
                ('position', models.PositiveIntegerField(blank=True, help_text='Leer: am Ende.', null=True, verbose_name='Position')),
                ('intro', models.TextField(blank=True, verbose_name='Einleitung')),
                ('intro_html', models.TextField(blank=True, editable=False)),
            ],
            options={
                'verbose_name': 'Kategorie',
                'verbose_name_plural': 'Kategorien',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ImportConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=300, unique=True, verbose_name='Datei')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='Grund')),
                ('since', models.DateTimeField(auto_now_add=True, verbose_name='Seit')),
            ],
            options={
                'verbose_name': 'Konflikt beim Einlesen',
                'verbose_name_plural': 'Konflikte beim Einlesen',
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('entry_id', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('title', models.TextField()),
                ('tags', models.JSONField()),
                ('category', models.TextField()),
                ('text', models.TextField()),
                ('steps', models.JSONField()),
                ('stems', models.TextField()),
                ('forms', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('form', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('stem', models.CharField(db_index=True, max_length=64)),
                ('stem_reversed', models.CharField(db_index=True, max_length=64)),
                ('form_reversed', models.CharField(db_index=True, max_length=64)),
                ('entries', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(max_length=120, unique=True, verbose_name='Anker')),
                ('name', faq.models.fields.LineField(max_length=300, verbose_name='Begriff')),
                ('aliases', models.JSONField(blank=True, default=list, validators=[faq.models.glossary.validate_lines], verbose_name='Andere Namen')),
                ('search', models.JSONField(blank=True, default=list, validators=[faq.models.glossary.validate_lines], verbose_name='Schreibweisen für die Suche')),
                ('definition', models.TextField(blank=True, help_text='Leer: nur für die Suche, nicht im Glossar.', verbose_name='Erklärung')),
                ('definition_html', models.TextField(blank=True, editable=False)),
                ('position', models.PositiveIntegerField(default=0, editable=False, verbose_name='Position')),
            ],
            options={
                'verbose_name': 'Begriff',
                'verbose_name_plural': 'Begriffe',
                'ordering': ['position', 'pk'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(help_text='Für Links im Text: kontakt:kürzel', max_length=120, unique=True, verbose_name='Kürzel')),
                ('name', faq.models.fields.LineField(max_length=300, verbose_name='Name')),
                ('phone', faq.models.fields.LineField(blank=True, max_length=60, verbose_name='Telefon')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-Mail')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='Seite')),
                ('hours', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Zeiten')),
                ('note', faq.models.fields.LineField(blank=True, help_text='Für Leser: wofür dieser Kontakt da ist.', max_length=300, verbose_name='Wofür')),
                ('position', models.PositiveIntegerField(default=0, editable=False, verbose_name='Position')),
            ],
            options={
                'verbose_name': 'Ansprechpartner',
                'verbose_name_plural': 'Ansprechpartner',
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('phone', ''), _negated=True), models.Q(('email', ''), _negated=True), models.Q(('url', ''), _negated=True), _connector='OR'), name='contact_can_be_reached', violation_error_message='Bitte geben Sie Telefon, E-Mail oder Seite an.')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='DigestSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_sent', models.DateTimeField(editable=False, null=True, verbose_name='Zuletzt verschickt')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest', to=settings.AUTH_USER_MODEL, verbose_name='Benutzer')),
            ],
            options={
                'verbose_name': 'Wochenübersicht per E-Mail',
                'verbose_name_plural': 'Wochenübersichten per E-Mail',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(address=True, help_text='Die Adresse des Eintrags: /faq/anker/', max_length=120, verbose_name='Anker')),
                ('title', faq.models.fields.LineField(max_length=300, verbose_name='Frage')),
                ('position', models.PositiveIntegerField(blank=True, help_text='Leer: am Ende.', null=True, verbose_name='Position')),
                ('kind', models.CharField(choices=[('question', 'Frage'), ('walkthrough', 'Ablauf in Schritten')], default='question', max_length=12, verbose_name='Art')),
                ('status', models.CharField(choices=[('published', 'Veröffentlicht'), ('draft', 'Entwurf')], default='draft', max_length=10, verbose_name='Status')),
                ('body', models.TextField(blank=True, verbose_name='Antwort')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('publish_at', models.DateTimeField(blank=True, null=True, verbose_name='Veröffentlichen am')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='Offline nehmen am')),
                ('review', models.DateField(blank=True, null=True, verbose_name='Wieder prüfen am')),
                ('reviewed', models.DateField(blank=True, null=True, verbose_name='Geprüft am')),
                ('updated', models.DateField(blank=True, help_text='Setzt sich bei einer Änderung selbst auf heute.', null=True, verbose_name='Stand')),
                ('note', models.TextField(blank=True, help_text='Nur intern: Leser sehen sie nie.', verbose_name='Notiz')),
                ('changed', models.DateTimeField(auto_now_add=True, verbose_name='Zuletzt geändert')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='faq.category', verbose_name='Kategorie')),
                ('copy_of', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='faq.entry')),
                ('former_categories', models.ManyToManyField(editable=False, related_name='moved_entries', to='faq.category', verbose_name='Frühere Kategorien')),
                ('reviewed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Geprüft von')),
            ],
            options={
                'verbose_name': 'Eintrag',
                'verbose_name_plural': 'Einträge',
                'permissions': [('publish_entry', 'Kann Einträge veröffentlichen')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(help_text='Für Links im Text: offen:kürzel', max_length=120, unique=True, verbose_name='Kürzel')),
                ('name', faq.models.fields.LineField(max_length=300, verbose_name='Was fehlt')),
                ('note', models.TextField(blank=True, help_text='Nur intern.', verbose_name='Notiz')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='Seit')),
                ('in_charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Zuständig')),
            ],
            options={
                'verbose_name': 'Offene Stelle',
                'verbose_name_plural': 'Offene Stellen',
                'ordering': ['name'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Gone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(max_length=120, unique=True, verbose_name='Anker')),
                ('title', models.CharField(max_length=300, verbose_name='Frage')),
                ('path', models.CharField(max_length=300, verbose_name='Datei')),
                ('when', models.DateTimeField(auto_now_add=True, verbose_name='Gelöscht am')),
                ('was_public', models.BooleanField(default=False, verbose_name='War öffentlich')),
                ('categories', models.ManyToManyField(editable=False, related_name='gone', to='faq.category', verbose_name='Kategorien')),
            ],
            options={
                'verbose_name': 'Gelöschter Eintrag',
                'verbose_name_plural': 'Gelöschte Einträge',
                'ordering': ['-when', 'slug'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(verbose_name='Stand')),
            ],
            options={
                'verbose_name': 'Stand des Portals',
                'verbose_name_plural': 'Stand des Portals',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_revision')],
            },
        ),
        migrations.CreateModel(
            name='SearchQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=100, unique=True, verbose_name='Gesucht')),
                ('outcome', models.CharField(choices=[('found', 'Gefunden'), ('similar', 'Nur Ähnliches'), ('nothing', 'Nichts')], default='found', max_length=10, verbose_name='Ergebnis')),
                ('revision', models.PositiveBigIntegerField(default=0, editable=False)),
                ('dismissed', models.BooleanField(default=False, verbose_name='Nicht mehr zeigen')),
            ],
            options={
                'verbose_name': 'Suchanfrage',
                'verbose_name_plural': 'Suchanfragen',
                'ordering': ['text'],
                'indexes': [models.Index(fields=['outcome', 'dismissed'], name='faq_searchq_outcome_335aca_idx')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', faq.models.fields.LineField(max_length=300, verbose_name='Titel')),
                ('intro', models.TextField(blank=True, verbose_name='Einleitung der Startseite')),
                ('intro_html', models.TextField(blank=True, editable=False)),
                ('imprint', models.URLField(blank=True, verbose_name='Impressum (Adresse)')),
                ('privacy', models.URLField(blank=True, verbose_name='Datenschutz (Adresse)')),
                ('accessibility', models.URLField(blank=True, verbose_name='Barrierefreiheit (Adresse)')),
                ('imprint_text', models.TextField(blank=True, verbose_name='Impressum (eigener Text)')),
                ('imprint_html', models.TextField(blank=True, editable=False)),
                ('privacy_text', models.TextField(blank=True, verbose_name='Datenschutz (eigener Text)')),
                ('privacy_html', models.TextField(blank=True, editable=False)),
                ('accessibility_text', models.TextField(blank=True, verbose_name='Barrierefreiheit (eigener Text)')),
                ('accessibility_html', models.TextField(blank=True, editable=False)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='main_of', to='faq.contact', verbose_name='Ansprechpartner')),
            ],
            options={
                'verbose_name': 'Portal',
                'verbose_name_plural': 'Portal',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='Nr.')),
                ('former_number', models.PositiveIntegerField(editable=False, null=True)),
                ('section', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Abschnitt')),
                ('title', faq.models.fields.LineField(max_length=300, verbose_name='Schritt')),
                ('actors', faq.models.fields.LineField(blank=True, max_length=100, verbose_name='Wer')),
                ('duration', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Dauer')),
                ('applies_to', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Gilt für')),
                ('needs', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Sie brauchen')),
                ('gets', faq.models.fields.LineField(blank=True, max_length=300, verbose_name='Sie erhalten')),
                ('body', models.TextField(blank=True, verbose_name='Text')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='faq.entry', verbose_name='Eintrag')),
            ],
            options={
                'verbose_name': 'Schritt',
                'verbose_name_plural': 'Schritte',
                'ordering': ['number'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='Prüfsumme')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'Excel'), ('docx', 'Word')], max_length=4, verbose_name='Art')),
                ('size', models.PositiveBigIntegerField(verbose_name='Größe')),
                ('file', models.FileField(unique=True, upload_to='', verbose_name='Datei')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='Seit')),
            ],
            options={
                'verbose_name': 'Gespeicherte Datei',
                'verbose_name_plural': 'Gespeicherte Dateien',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'xlsx', 'docx'])), name='stored_file_is_of_a_kind'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='stored_file_is_not_empty')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(help_text='Für Links im Text: datei:kürzel. Bleibt, wie es ist.', max_length=120, unique=True, verbose_name='Kürzel')),
                ('title', faq.models.fields.LineField(max_length=300, verbose_name='Titel')),
                ('name', models.CharField(help_text='So heißt die Datei beim Herunterladen.', max_length=150, verbose_name='Dateiname')),
                ('position', models.PositiveIntegerField(default=0, editable=False, verbose_name='Position')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='faq.storedfile', verbose_name='Datei')),
            ],
            options={
                'verbose_name': 'Datei',
                'verbose_name_plural': 'Dateien',
                'ordering': ['position', 'pk'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='faq.tag', verbose_name='Aufgegangen in')),
            ],
            options={
                'verbose_name': 'Schlagwort',
                'verbose_name_plural': 'Schlagwörter',
                'ordering': ['name'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(help_text='Unter diesem Namen steht die Meldung in den Inhaltsdateien.', max_length=120, unique=True, verbose_name='Kürzel')),
                ('text', models.TextField(verbose_name='Text')),
                ('text_html', models.TextField(blank=True, editable=False)),
                ('begins', models.DateTimeField(blank=True, help_text='Leer: sofort.', null=True, verbose_name='Ab')),
                ('ends', models.DateTimeField(blank=True, help_text='Leer: bis Sie die Meldung löschen.', null=True, verbose_name='Bis')),
                ('position', models.PositiveIntegerField(default=0, editable=False, verbose_name='Position')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='faq.category', verbose_name='Kategorie')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='faq.entry', verbose_name='Eintrag')),
                ('tag', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='faq.tag', verbose_name='Schlagwort')),
            ],
            options={
                'verbose_name': 'Meldung',
                'verbose_name_plural': 'Meldungen',
                'ordering': ['position', 'pk'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TaggedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='faq.entry')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='faq.tag')),
            ],
            options={
                'verbose_name': 'Schlagwort eines Eintrags',
                'verbose_name_plural': 'Schlagwörter der Einträge',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='tags',
            field=taggit.managers.TaggableManager(blank=True, help_text='Mit Kommas getrennt.', through='faq.TaggedEntry', to='faq.Tag', verbose_name='Schlagwörter'),
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=300, verbose_name='Datei')),
                ('document', models.TextField(blank=True, verbose_name='Text')),
                ('source', models.CharField(choices=[('admin', 'Verwaltung'), ('import', 'Import'), ('restore', 'Wiederherstellung')], max_length=10, verbose_name='Woher')),
                ('when', models.DateTimeField(auto_now_add=True, verbose_name='Wann')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='Warum')),
                ('working_copy', models.BooleanField(default=False, verbose_name='Arbeitskopie')),
                ('base', models.BooleanField(default=False, verbose_name='Stand der Datei')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='versions', to='faq.entry')),
                ('who', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Wer')),
            ],
            options={
                'verbose_name': 'Version',
                'verbose_name_plural': 'Versionen',
                'ordering': ['-pk'],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='base',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='faq.version'),
        ),
        migrations.CreateModel(
            name='WebLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000, unique=True, verbose_name='Adresse')),
                ('checked', models.DateTimeField(editable=False, null=True, verbose_name='Geprüft am')),
                ('status', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='Antwort')),
                ('problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='Was nicht stimmt')),
                ('moved_to', models.CharField(blank=True, editable=False, max_length=2000, verbose_name='Umgezogen nach')),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Fehlversuche')),
                ('claimed', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'Externer Link',
                'verbose_name_plural': 'Externe Links',
                'ordering': ['url'],
                'indexes': [models.Index(fields=['checked'], name='faq_weblink_checked_1d4340_idx')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('faq', 'Eintrag'), ('kontakt', 'Ansprechpartner'), ('datei', 'Datei'), ('offen', 'Offene Stelle'), ('web', 'Externer Link')], max_length=10, verbose_name='Art')),
                ('slug', faq.models.fields.SlugField(max_length=120, verbose_name='Ziel')),
                ('step', models.PositiveIntegerField(null=True, verbose_name='Schritt')),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='faq.attachment')),
                ('category', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='faq.category')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='faq.contact')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='faq.entry')),
                ('gap', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='faq.gap')),
                ('notice', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='faq.notice')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='references', to='faq.entry')),
                ('site', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='faq.site')),
                ('term', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='faq.term')),
                ('web', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='faq.weblink')),
            ],
            options={
                'verbose_name': 'Verweis',
                'verbose_name_plural': 'Verweise',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', faq.models.fields.SlugField(address=True, max_length=120, unique=True, verbose_name='Früherer Anker')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='faq.category', verbose_name='Kategorie')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='faq.entry', verbose_name='Eintrag')),
            ],
            options={
                'verbose_name': 'Früherer Anker',
                'verbose_name_plural': 'Frühere Anker',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('category__isnull', False), ('entry', None)), models.Q(('category', None), ('entry__isnull', False)), _connector='OR'), name='alias_leads_to_one', violation_error_message='Bitte wählen Sie entweder einen Eintrag oder eine Kategorie.')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('guarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('helpful', models.BooleanField(null=True, verbose_name='Hilfreich')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='Was fehlt?')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='Eingegangen')),
                ('done', models.DateTimeField(null=True, verbose_name='Erledigt am')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Erledigt von')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='faq.entry', verbose_name='Eintrag')),
            ],
            options={
                'verbose_name': 'Rückmeldung',
                'verbose_name_plural': 'Rückmeldungen',
                'ordering': ['-created', '-pk'],
                'indexes': [models.Index(fields=['done', 'created'], name='faq_feedbac_done_3b0a7b_idx')],
            },
        ),
        migrations.CreateModel(
            name='SearchDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='Tag')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='Anzahl')),
                ('vain', models.PositiveIntegerField(default=0, verbose_name='Davon vergeblich')),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='faq.searchquery', verbose_name='Gesucht')),
            ],
            options={
                'verbose_name': 'Suchanfragen eines Tages',
                'verbose_name_plural': 'Suchanfragen je Tag',
                'indexes': [models.Index(fields=['day'], name='faq_searchd_day_4ee2b3_idx')],
                'constraints': [models.UniqueConstraint(fields=('query', 'day'), name='search_day_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_site'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('entry', 'number'), name='step_number_once'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='step_number_from_one'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='attachment_name_once', violation_error_message='Eine Datei mit diesem Dateinamen gibt es schon.'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category', None), ('tag', None)), models.Q(('category', None), ('entry', None)), models.Q(('entry', None), ('tag', None)), _connector='OR'), name='notice_has_one_place', violation_error_message='Bitte wählen Sie höchstens eines: Kategorie, Schlagwort oder Eintrag.'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('begins', None), ('ends', None), ('ends__gt', models.F('begins')), _connector='OR'), name='notice_ends_after_it_begins', violation_error_message='Die Meldung endet, bevor sie beginnt.'),
        ),
        migrations.AddConstraint(
            model_name='taggedentry',
            constraint=models.UniqueConstraint(fields=('tag', 'content_object'), name='tag_once_per_entry'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['path', '-id'], name='faq_version_path_7ca524_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['category', 'status', 'copy_of', 'publish_at', 'expire_at'], name='entry_public'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['category', 'position', 'slug'], name='faq_entry_categor_b1ffac_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['changed', 'id'], name='faq_entry_changed_f90e1b_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['kind'], name='faq_entry_kind_d12fa9_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('publish_at__isnull', False)), fields=['publish_at'], name='entry_begins'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('expire_at__isnull', False)), fields=['expire_at'], name='entry_ends'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('copy_of', None)), fields=('slug',), name='entry_slug_once', violation_error_message='Diesen Anker gibt es schon.'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('copy_of',), name='one_working_copy'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['question', 'walkthrough'])), name='entry_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['published', 'draft'])), name='entry_status_known'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='entry_has_title'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('publish_at', None), ('expire_at', None), ('expire_at__gt', models.F('publish_at')), _connector='OR'), name='entry_expires_after_publishing', violation_error_message='Der Eintrag ginge offline, bevor er veröffentlicht ist.'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['kind', 'slug'], name='faq_referen_kind_1416fc_idx'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('category__isnull', False)), fields=['category'], name='reference_of_category'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('term__isnull', False)), fields=['term'], name='reference_of_term'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('site__isnull', False)), fields=['site'], name='reference_of_site'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('notice__isnull', False)), fields=['notice'], name='reference_of_notice'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category__isnull', True), ('entry__isnull', False), ('notice__isnull', True), ('site__isnull', True), ('term__isnull', True)), models.Q(('category__isnull', False), ('entry__isnull', True), ('notice__isnull', True), ('site__isnull', True), ('term__isnull', True)), models.Q(('category__isnull', True), ('entry__isnull', True), ('notice__isnull', True), ('site__isnull', True), ('term__isnull', False)), models.Q(('category__isnull', True), ('entry__isnull', True), ('notice__isnull', True), ('site__isnull', False), ('term__isnull', True)), models.Q(('category__isnull', True), ('entry__isnull', True), ('notice__isnull', False), ('site__isnull', True), ('term__isnull', True)), _connector='OR'), name='reference_has_one_source'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attachment', None), ('contact', None), ('gap', None), ('kind', 'faq'), ('web', None)), models.Q(('attachment', None), ('gap', None), ('kind', 'kontakt'), ('target', None), ('web', None)), models.Q(('contact', None), ('gap', None), ('kind', 'datei'), ('target', None), ('web', None)), models.Q(('attachment', None), ('contact', None), ('gap__isnull', False), ('kind', 'offen'), ('target', None), ('web', None)), models.Q(('attachment', None), ('contact', None), ('gap', None), ('kind', 'web'), ('target', None), ('web__isnull', False)), _connector='OR'), name='reference_fits_its_kind'),
        ),
        migrations.RunPython(create_index, drop_index),
        migrations.RunPython(make_groups, drop_groups),
    ]
