"""What Tortoise cannot say: checks, revisions that never change, search columns, and the indexes of the pages."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SLUG = "'^[a-z0-9]+(-[a-z0-9]+)*$'"
CHECKS = f"""
ALTER TABLE article
  ADD CONSTRAINT article_slug_is_plain CHECK (slug ~ {SLUG}),
  ADD CONSTRAINT article_version_counts_up CHECK (version >= 1),
  ADD CONSTRAINT article_kind_is_known CHECK (kind IN ('HEALTH', 'NEWS')),
  ADD CONSTRAINT article_comment_policy_is_known CHECK (comment_policy IN ('OFF', 'ON', 'CLOSED')),
  ADD CONSTRAINT article_stage_goes_with_draft CHECK ((stage IS NULL) = (draft_id IS NULL)),
  ADD CONSTRAINT article_stage_is_known CHECK (stage IN ('DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED')),
  ADD CONSTRAINT article_schedule_goes_with_stage CHECK ((scheduled_for IS NOT NULL) = (stage IS NOT DISTINCT FROM 'SCHEDULED')),
  ADD CONSTRAINT article_is_live_or_unpublished CHECK (live_id IS NULL OR unpublished_kind IS NULL),
  ADD CONSTRAINT article_unpublishing_is_whole CHECK ((unpublished_kind IS NULL) = (unpublished_at IS NULL)),
  ADD CONSTRAINT article_live_has_a_date CHECK (live_id IS NULL OR first_published_at IS NOT NULL);
ALTER TABLE revision
  ADD CONSTRAINT revision_number_counts_up CHECK (number >= 1),
  ADD CONSTRAINT revision_has_a_title CHECK (btrim(title) <> ''),
  ADD CONSTRAINT revision_update_type_is_known CHECK (update_type IN ('MAJOR', 'MINOR'));
ALTER TABLE article
  ADD CONSTRAINT article_live_is_its_own FOREIGN KEY (id, live_id) REFERENCES revision (article_id, id),
  ADD CONSTRAINT article_draft_is_its_own FOREIGN KEY (id, draft_id) REFERENCES revision (article_id, id);
ALTER TABLE condition ADD CONSTRAINT condition_slug_is_plain CHECK (slug ~ {SLUG}),
  ADD CONSTRAINT condition_is_not_its_own_parent CHECK (parent_id <> id);
ALTER TABLE treatment ADD CONSTRAINT treatment_slug_is_plain CHECK (slug ~ {SLUG});
ALTER TABLE practitioner ADD CONSTRAINT practitioner_slug_is_plain CHECK (slug ~ {SLUG});
ALTER TABLE credential ADD CONSTRAINT credential_dates_are_in_order CHECK (valid_until >= valid_from);
ALTER TABLE care_advice ADD CONSTRAINT care_advice_level_is_known
  CHECK (level IN ('SELF_CARE', 'NON_URGENT', 'URGENT', 'EMERGENCY'));
ALTER TABLE source
  ADD CONSTRAINT source_key_is_plain CHECK (key ~ '^[a-z0-9][a-z0-9_-]*$'),
  ADD CONSTRAINT source_doi_is_plain CHECK (doi ~ '^10\\.\\d{{4,9}}/\\S+$'),
  ADD CONSTRAINT source_pmid_is_plain CHECK (pmid ~ '^[1-9][0-9]{{0,7}}$'),
  ADD CONSTRAINT source_is_not_its_own_successor CHECK (superseded_by_id <> id);
ALTER TABLE evidence_statement ADD CONSTRAINT evidence_statement_is_short
  CHECK (array_length(regexp_split_to_array(btrim(summary), '\\s+'), 1) <= 40);
ALTER TABLE media_asset ADD CONSTRAINT media_asset_has_words
  CHECK (decorative OR btrim(coalesce(alt, '')) <> '');
ALTER TABLE clinic ADD CONSTRAINT clinic_is_the_only_one CHECK (singleton),
  ADD CONSTRAINT clinic_review_interval_is_sensible CHECK (review_interval_months BETWEEN 1 AND 120);
ALTER TABLE comment ADD CONSTRAINT comment_status_is_known
  CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED', 'REMOVED', 'SPAM')),
  ADD CONSTRAINT comment_says_something CHECK (btrim(body) <> '');
ALTER TABLE review ADD CONSTRAINT review_approval_has_a_next_date
  CHECK (outcome <> 'APPROVED' OR next_review_due IS NOT NULL);
ALTER TABLE redirect ADD CONSTRAINT redirect_starts_at_the_root CHECK (path ~ '^/'),
  ADD CONSTRAINT redirect_leads_somewhere CHECK ((article_id IS NULL) <> (target IS NULL));
ALTER TABLE member ADD CONSTRAINT member_email_is_lower_case CHECK (email = lower(email));
"""

RELATIONS = ("revision_author", "revision_condition", "revision_treatment", "revision_disclaimer", "revision_citation")
FROZEN = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'A frozen % never changes; save a new one.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_frozen';
END $$;
CREATE FUNCTION refuse_change_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM 1 FROM revision WHERE frozen_at IS NOT NULL
    AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END);
  IF FOUND THEN
    RAISE EXCEPTION 'A frozen revision never changes; save a new one.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'revision_is_frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- Who saved it is personal data, which alone may be erased.
CREATE TRIGGER revision_is_frozen BEFORE UPDATE ON revision FOR EACH ROW
  WHEN (OLD.frozen_at IS NOT NULL
    AND (NEW.created_by_id IS NOT NULL OR to_jsonb(NEW) - 'created_by_id' <> to_jsonb(OLD) - 'created_by_id'))
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revision_is_not_deleted BEFORE DELETE ON revision
  FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_is_frozen BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
""" + "".join(
    f"CREATE TRIGGER {table}_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen();\n"
    for table in RELATIONS
) + "".join(
    f"CREATE TRIGGER {table}_is_not_truncated BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    for table in ("revision", *RELATIONS, "audit_entry")
)

REVIEWS = """
-- The approval that holds for a revision: its own, or its predecessor's when only MINOR changes lie between.
CREATE FUNCTION standing_review(wanted text) RETURNS SETOF review LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT review.* FROM revision
    JOIN revision earlier ON earlier.article_id = revision.article_id AND earlier.number <= revision.number
    JOIN review ON review.revision_id = earlier.id AND review.content_hash = earlier.content_hash AND review.outcome = 'APPROVED'
   WHERE revision.id = wanted
     AND NOT EXISTS (SELECT FROM revision step WHERE step.article_id = revision.article_id
                     AND step.number > earlier.number AND step.number <= revision.number AND step.update_type <> 'MINOR')
   ORDER BY earlier.number DESC, review.at DESC LIMIT 1 $$;
"""

SEARCH = """
CREATE FUNCTION joined(words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_string(words, ' ');
ALTER TABLE rendering ADD COLUMN search_vector tsvector NOT NULL DEFAULT '';
CREATE FUNCTION index_rendering() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  SELECT setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B')
      || setweight(to_tsvector('english', NEW.text), 'D')
    INTO NEW.search_vector FROM revision WHERE id = NEW.revision_id;
  RETURN NEW;
END $$;
CREATE TRIGGER rendering_is_indexed BEFORE INSERT OR UPDATE ON rendering
  FOR EACH ROW EXECUTE FUNCTION index_rendering();
ALTER TABLE condition ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', joined(alternate_names)), 'A')
  || setweight(to_tsvector('english', summary), 'B') || setweight(to_tsvector('english', joined(symptoms)), 'C')
  || setweight(to_tsvector('english', coalesce(rendering ->> 'text', '')), 'D')) STORED;
ALTER TABLE treatment ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', summary), 'B')
  || setweight(to_tsvector('english', coalesce(how_performed, '')), 'C')
  || setweight(to_tsvector('english', coalesce(rendering ->> 'text', '')), 'D')) STORED;
ALTER TABLE practitioner ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', job_title), 'B')
  || setweight(to_tsvector('english', joined(specialties)), 'B')
  || setweight(to_tsvector('english', coalesce(bio, '')), 'D')) STORED;
CREATE INDEX rendering_search ON rendering USING GIN (search_vector);
CREATE INDEX condition_search ON condition USING GIN (search_vector);
CREATE INDEX treatment_search ON treatment USING GIN (search_vector);
CREATE INDEX practitioner_search ON practitioner USING GIN (search_vector);

-- Words that readers could once see: candidates for "did you mean", each tried against what is visible before it is said.
CREATE TABLE search_word (word text PRIMARY KEY);
CREATE INDEX search_word_by_length ON search_word (length(word), word);
CREATE FUNCTION learn_words(passage text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_word SELECT DISTINCT lower(found[1]) FROM regexp_matches(passage, '[[:alpha:]]{4,30}', 'g') AS found
  ORDER BY 1 ON CONFLICT DO NOTHING $$;
CREATE FUNCTION learn_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM learn_words(concat_ws(' ', revision.title, revision.summary, rendering.text))
    FROM revision LEFT JOIN rendering ON rendering.revision_id = revision.id WHERE revision.id = NEW.live_id;
  RETURN NULL;
END $$;
CREATE TRIGGER article_words_are_learned AFTER INSERT OR UPDATE OF live_id ON article
  FOR EACH ROW WHEN (NEW.live_id IS NOT NULL) EXECUTE FUNCTION learn_article();
CREATE FUNCTION learn_condition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM learn_words(concat_ws(' ', NEW.name, joined(NEW.alternate_names), NEW.summary, joined(NEW.symptoms))); RETURN NULL;
END $$;
CREATE TRIGGER condition_words_are_learned AFTER INSERT OR UPDATE ON condition
  FOR EACH ROW WHEN (NEW.is_published) EXECUTE FUNCTION learn_condition();
CREATE FUNCTION learn_treatment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM learn_words(concat_ws(' ', NEW.name, NEW.summary, NEW.how_performed)); RETURN NULL;
END $$;
CREATE TRIGGER treatment_words_are_learned AFTER INSERT OR UPDATE ON treatment
  FOR EACH ROW WHEN (NEW.is_published) EXECUTE FUNCTION learn_treatment();
CREATE FUNCTION learn_practitioner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM learn_words(concat_ws(' ', NEW.name, NEW.job_title, joined(NEW.specialties))); RETURN NULL;
END $$;
CREATE TRIGGER practitioner_words_are_learned AFTER INSERT OR UPDATE ON practitioner
  FOR EACH ROW WHEN (NEW.is_published) EXECUTE FUNCTION learn_practitioner();
"""

PAGES = """
CREATE INDEX article_live ON article (live_id);
CREATE INDEX article_draft ON article (draft_id);
CREATE INDEX article_newest ON article ((coalesce(first_published_at, scheduled_for)) DESC, id DESC)
  WHERE live_id IS NOT NULL OR scheduled_for IS NOT NULL;
CREATE INDEX article_reviewed ON article ((coalesce(reviewed_on, DATE '0001-01-01')) DESC, id DESC)
  WHERE live_id IS NOT NULL OR scheduled_for IS NOT NULL;
CREATE INDEX article_titles ON article (sort_title, id) WHERE live_id IS NOT NULL OR scheduled_for IS NOT NULL;
CREATE INDEX condition_names ON condition (lower(name), id) WHERE is_published;
CREATE INDEX treatment_names ON treatment (lower(name), id) WHERE is_published;
CREATE INDEX practitioner_names ON practitioner (lower(name), id) WHERE is_published;
CREATE INDEX source_keys ON source (key) WHERE is_published;
CREATE INDEX comment_approved ON comment (article_id, at, id) WHERE status = 'APPROVED';
CREATE INDEX article_due ON article (scheduled_for) WHERE scheduled_for IS NOT NULL;
CREATE UNIQUE INDEX disclaimer_not_a_substitute_is_one ON disclaimer (key) WHERE key = 'NOT_A_SUBSTITUTE';
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0002_pointers")]

    initial = False

    operations = [ops.RunSQL(CHECKS), ops.RunSQL(FROZEN), ops.RunSQL(REVIEWS), ops.RunSQL(SEARCH), ops.RunSQL(PAGES)]
