"""The tables of a store, version by version.

A migration is never changed once released: a new version is a new entry, and a store of an older
version runs those it lacks.
"""

_FIRST = """
CREATE TABLE runs (
    run VARCHAR PRIMARY KEY,
    benchmark VARCHAR NOT NULL, comparability VARCHAR NOT NULL,
    card VARCHAR NOT NULL, card_revision VARCHAR, synthetic BOOLEAN NOT NULL,
    template_sha256 VARCHAR, survey_sha256 VARCHAR, settings JSON NOT NULL,
    model VARCHAR NOT NULL, persona VARCHAR, rater VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL, why VARCHAR NOT NULL, share DOUBLE,
    started VARCHAR, completed VARCHAR, written VARCHAR,
    log VARCHAR NOT NULL, log_sha256 VARCHAR NOT NULL,
    columns JSON NOT NULL, labels JSON NOT NULL,
    samples BIGINT NOT NULL, answers BIGINT NOT NULL, valid DOUBLE, statuses JSON NOT NULL,
    input_tokens BIGINT, output_tokens BIGINT, seconds DOUBLE, cost DOUBLE
);
CREATE TABLE samples (
    run VARCHAR NOT NULL, sample VARCHAR NOT NULL, epoch INTEGER NOT NULL,
    cluster VARCHAR NOT NULL, attributes JSON NOT NULL,
    input_tokens DOUBLE, output_tokens DOUBLE, seconds DOUBLE
);
CREATE TABLE answers (
    run VARCHAR NOT NULL, sample VARCHAR NOT NULL, epoch INTEGER NOT NULL,
    place INTEGER NOT NULL, part VARCHAR NOT NULL,
    rating DOUBLE, correct DOUBLE, status VARCHAR NOT NULL,
    input_tokens DOUBLE, output_tokens DOUBLE, seconds DOUBLE
);
CREATE TABLE scores (
    run VARCHAR NOT NULL, place INTEGER NOT NULL, name VARCHAR NOT NULL, family VARCHAR NOT NULL,
    value DOUBLE, low DOUBLE, high DOUBLE, reason VARCHAR,
    lowest DOUBLE, highest DOUBLE, valid DOUBLE, per_variant JSON NOT NULL
);
CREATE TABLE consistency (
    run VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL,
    value DOUBLE, low DOUBLE, high DOUBLE, reason VARCHAR
);
CREATE TABLE logs (log_sha256 VARCHAR PRIMARY KEY, run VARCHAR NOT NULL);
CREATE VIEW ratings AS
    SELECT a.run, r.rater, r.model, r.persona, a.part AS variant_or_question, a.sample, a.epoch,
           a.rating, a.correct, a.status, a.input_tokens, a.output_tokens, a.seconds
    FROM answers a JOIN runs r ON a.run = r.run;
"""

# Further numbers of an answer, such as its loss; and answers that were never asked, which fill up
# the rows of a grid, are none.
_SECOND = """
CREATE TABLE measures (
    run VARCHAR NOT NULL, sample VARCHAR NOT NULL, epoch INTEGER NOT NULL,
    place INTEGER NOT NULL, name VARCHAR NOT NULL, value DOUBLE
);
CREATE OR REPLACE VIEW ratings AS
    SELECT a.run, r.rater, r.model, r.persona, a.part AS variant_or_question, a.sample, a.epoch,
           a.rating, a.correct, a.status, a.input_tokens, a.output_tokens, a.seconds
    FROM answers a JOIN runs r ON a.run = r.run
    WHERE a.status <> '';
"""

# Which folder of the machine a model is, by a hash, and the end of its path: two folders of one
# name are two raters.
_THIRD = """
ALTER TABLE runs ADD COLUMN folder VARCHAR;
ALTER TABLE runs ADD COLUMN tail VARCHAR;
"""

# The interval of a score on these items, with that beyond them; NULL in rows of earlier versions.
_FOURTH = """
ALTER TABLE scores ADD COLUMN on_low DOUBLE;
ALTER TABLE scores ADD COLUMN on_high DOUBLE;
ALTER TABLE scores ADD COLUMN on_reason VARCHAR;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH)
VERSION = len(MIGRATIONS)

# Tables with rows of a run, which are replaced with it.
OF_A_RUN = ("samples", "answers", "measures", "scores", "consistency")
