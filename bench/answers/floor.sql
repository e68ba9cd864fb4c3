-- Tables with the columns, documents and indexes that one answer needs.
CREATE SCHEMA floor;

CREATE TABLE floor.attempt (
    id uuid PRIMARY KEY,
    learner_id bigint NOT NULL UNIQUE,
    revision integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open',
    rules jsonb NOT NULL,
    score double precision NOT NULL DEFAULT 0,
    max_score double precision NOT NULL DEFAULT 2,
    started_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE floor.presentation (
    id uuid PRIMARY KEY,
    attempt_id uuid NOT NULL,
    position integer NOT NULL,
    variant jsonb NOT NULL,
    tries_used integer NOT NULL DEFAULT 0,
    score double precision,
    UNIQUE (attempt_id, position)
);

CREATE TABLE floor.response (
    id uuid NOT NULL,
    learner_id bigint NOT NULL,
    presentation_id uuid NOT NULL,
    sequence integer NOT NULL,
    answer jsonb NOT NULL,
    key uuid NOT NULL,
    fingerprint text NOT NULL,
    announcement jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, id),
    UNIQUE (learner_id, key),
    UNIQUE (presentation_id, sequence)
);

CREATE TABLE floor.verdict (
    id uuid PRIMARY KEY,
    learner_id bigint NOT NULL,
    response_id uuid NOT NULL,
    valid boolean NOT NULL,
    score double precision NOT NULL,
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (learner_id, response_id)
);

INSERT INTO floor.attempt (id, learner_id, rules)
SELECT uuidv7(), number, jsonb_build_object('words', repeat('x', 200))
FROM generate_series(0, :learners - 1) AS number;

INSERT INTO floor.presentation (id, attempt_id, position, variant)
SELECT uuidv7(), attempt.id, position, jsonb_build_object('words', repeat(md5(attempt.id::text), 30))
FROM floor.attempt, generate_series(1, 2) AS position;
