-- The statements that learners wait for. Each is sent in autocommit, prepared by the connection, and goes to the
-- primary: what a replica says may be old, and reading again would not help.

-- name: read_place
-- What an answer needs: the attempt, if it is the user's, the place it is for, what this key has made before, all places
-- in brief, the misconceptions that the answer may show, and the corrections in force of what was shown. Takes no lock.
-- One row, or none where the attempt is not the user's. Every join goes by a primary or unique key; the places by
-- (attempt, position), the key by (learner, key). OFFSET 0 keeps small tables from being read whole.
SELECT {attempt}, {presentation}, {earlier}, {verdict},
       (SELECT json_agg(json_build_array(
                   one.position,
                   CASE WHEN one.choice IS NULL THEN '' ELSE (
                       SELECT item.slug FROM content_itemversion AS version
                       JOIN content_item AS item ON item.id = version.item_id WHERE version.id = one.item_version_id
                   ) END,
                   one.weight, one.score, one.is_settled, one.is_seeded, one.is_dropped, one.awarded,
                   one.first_at, one.first_score, one.first_hints, one.choice, one.shown_at
               ) ORDER BY one.position)
        FROM assessment_presentation AS one WHERE one.attempt_id = attempt.id),
       ARRAY(SELECT item.slug FROM assessment_adaptivepool AS pool
             JOIN content_item AS item ON item.bank_id = pool.bank_id AND item.retired_at >= pool.created_at
             WHERE pool.id = attempt.pool_id),
       (SELECT json_object_agg(idea.slug, json_build_array(idea.title, idea.explanation))
        FROM content_itemversion_misconceptions AS shows
        CROSS JOIN LATERAL (SELECT * FROM content_misconception WHERE id = shows.misconception_id OFFSET 0) AS idea
        WHERE shows.itemversion_id = presentation.item_version_id),
       (SELECT json_agg(json_build_array(correction.id, correction.kind, correction.corrected_version_id,
                                         correction.accepted)
                        ORDER BY correction.applied_at, correction.id)
        FROM assessment_correction_versions AS concerns
        CROSS JOIN LATERAL (SELECT * FROM assessment_correction WHERE id = concerns.correction_id OFFSET 0) AS correction
        WHERE concerns.itemversion_id = presentation.item_version_id
          AND correction.applied_at IS NOT NULL AND correction.undoes_id IS NULL
          AND (correction.assessment_id IS NULL OR correction.assessment_id = assignment.assessment_id)
          AND NOT EXISTS (SELECT FROM assessment_correction AS undoing
                          WHERE undoing.undoes_id = correction.id AND undoing.applied_at IS NOT NULL)
          AND NOT EXISTS (SELECT FROM assessment_correctioneffect AS effect
                          WHERE effect.correction_id = correction.id AND effect.attempt_id = attempt.id
                            AND effect.kept AND effect.applied_at IS NOT NULL))
FROM assessment_attempt AS attempt
JOIN assessment_assignment AS assignment ON assignment.id = attempt.assignment_id
JOIN assessment_userlearner AS link ON link.learner_id = attempt.learner_id AND link.user_id = %(user)s
LEFT JOIN assessment_presentation AS presentation
       ON presentation.attempt_id = attempt.id AND presentation.position = %(position)s
LEFT JOIN assessment_response AS earlier ON earlier.learner_id = attempt.learner_id AND earlier.key = %(key)s
LEFT JOIN assessment_verdict AS verdict ON verdict.response_id = earlier.id AND verdict.number = 1
WHERE attempt.id = %(attempt)s

-- name: read_standing
-- What decides whether somebody may begin an attempt: their own in brief, at the assignment or another of its course (a
-- move to another section gives no attempts), and what is arranged for them. Sent while the user's row is locked. One row for each arrangement, or one without; the attempts are in each.
SELECT (SELECT json_agg(json_build_array(
                   attempt.id, attempt.state, attempt.is_void,
                   (SELECT count(*) FROM assessment_attemptaction AS action
                    WHERE action.attempt_id = attempt.id AND action.kind = %(allow_another)s)
               ) ORDER BY attempt.id)
        FROM assessment_userlearner AS link JOIN assessment_attempt AS attempt ON attempt.learner_id = link.learner_id
        JOIN assessment_assignment AS taken ON taken.id = attempt.assignment_id
        WHERE link.user_id = %(user)s AND taken.assessment_id = assignment.assessment_id
          AND taken.course_id IS NOT DISTINCT FROM assignment.course_id),
       {arranged}
FROM assessment_assignment AS assignment
LEFT JOIN assessment_accommodation AS arranged
       ON arranged.user_id = %(user)s
      AND (arranged.assessment_id = assignment.assessment_id OR arranged.assessment_id IS NULL)
WHERE assignment.id = %(assignment)s

-- name: begin
-- A new attempt, what it shows at first, and what exposure control counts of it.
WITH begun AS (
    INSERT INTO assessment_attempt
    SELECT row.* FROM json_populate_recordset(NULL::assessment_attempt, %(attempts)s::json) AS row
    RETURNING id, assignment_id
), shown AS (
    INSERT INTO assessment_presentation
    SELECT row.* FROM begun, json_populate_recordset(NULL::assessment_presentation, %(shown)s::json) AS row
), exposed AS (
    INSERT INTO assessment_exposureevent (assessment_id, band, attempts, amount, given, withheld)
    SELECT assignment.assessment_id, row.band, row.attempts, row.amount, row.given, row.withheld
    FROM begun JOIN assessment_assignment AS assignment ON assignment.id = begun.assignment_id,
         json_populate_recordset(NULL::assessment_exposureevent, %(exposed)s::json) AS row
)
SELECT count(*) FROM begun

-- name: write
-- Everything that an answer, an end or a next item changes, or nothing of it: every part draws from moved, which is
-- empty where somebody else has moved the attempt since it was read. Locks the attempt's row from here to its own end.
-- Rows come as JSON; a part without rows costs next to nothing.
WITH moved AS (
    UPDATE assessment_attempt
    SET revision = revision + 1, answers = %(answers)s, state = %(state)s, deadline = %(deadline)s,
        finished_at = %(finished_at)s, score = %(score)s, max_score = %(max_score)s, posterior = %(posterior)s,
        stop_reason = %(stop_reason)s
    WHERE id = %(attempt)s AND revision = %(revision)s
    RETURNING id, assignment_id
), place AS (
    UPDATE assessment_presentation AS place
    SET answers = row.answers, answered_at = row.answered_at, tries_used = row.tries_used,
        invalid_answers = row.invalid_answers, paused_until = row.paused_until, hints_taken = row.hints_taken,
        solution_seen_at = row.solution_seen_at, score = row.score, is_settled = row.is_settled, is_pending = row.is_pending,
        first_at = row.first_at, first_score = row.first_score, first_hints = row.first_hints,
        correction_id = row.correction_id, corrected_document = row.corrected_document,
        is_dropped = row.is_dropped, awarded = row.awarded, is_overridden = row.is_overridden
    FROM moved, json_populate_recordset(NULL::assessment_presentation, %(places)s::json) AS row
    WHERE place.id = ANY(%(changed)s::uuid[]) AND place.id = row.id
), shown AS (
    INSERT INTO assessment_presentation
    SELECT row.* FROM moved, json_populate_recordset(NULL::assessment_presentation, %(shown)s::json) AS row
), kept AS (
    INSERT INTO assessment_response
    SELECT row.* FROM moved, json_populate_recordset(NULL::assessment_response, %(responses)s::json) AS row
), judged AS (
    INSERT INTO assessment_verdict
    SELECT row.* FROM moved, json_populate_recordset(NULL::assessment_verdict, %(verdicts)s::json) AS row
), gone AS (
    DELETE FROM assessment_draft AS draft USING moved WHERE draft.presentation_id = ANY(%(gone)s::uuid[])
), exposed AS (
    INSERT INTO assessment_exposureevent (assessment_id, band, attempts, amount, given, withheld)
    SELECT assignment.assessment_id, row.band, row.attempts, row.amount, row.given, row.withheld
    FROM moved JOIN assessment_assignment AS assignment ON assignment.id = moved.assignment_id, json_populate_recordset(NULL::assessment_exposureevent, %(exposed)s::json) AS row
), learned AS (
    INSERT INTO assessment_difficultyevent (item_id, theta, standard_error, score, guess, created_at)
    SELECT item.id, row.theta, row.standard_error, row.score, row.guess, %(now)s
    FROM moved, json_to_recordset(%(learned)s::json)
        AS row (slug text, theta float8, standard_error float8, score float8, guess float8)
    JOIN content_item AS item ON item.slug = row.slug
)
SELECT count(*) FROM moved

-- name: write_practice
-- An answer to a variant of free practice. Its number of answers is the guard: there is no attempt.
WITH moved AS (
    UPDATE assessment_presentation
    SET answers = %(answers)s, answered_at = %(answered_at)s, tries_used = %(tries_used)s,
        invalid_answers = %(invalid_answers)s, paused_until = %(paused_until)s, score = %(score)s,
        is_settled = %(is_settled)s, is_pending = %(is_pending)s, first_at = %(first_at)s,
        first_score = %(first_score)s, first_hints = %(first_hints)s
    WHERE id = %(presentation)s AND answers = %(before)s
    RETURNING id
), kept AS (
    INSERT INTO assessment_response
    SELECT row.* FROM moved, json_populate_recordset(NULL::assessment_response, %(responses)s::json) AS row
), judged AS (
    INSERT INTO assessment_verdict
    SELECT row.* FROM moved, json_populate_recordset(NULL::assessment_verdict, %(verdicts)s::json) AS row
)
SELECT count(*) FROM moved

-- name: write_draft
-- What a learner is working on, kept if the attempt is open and no answer has come since it was typed. Where it is the
-- answer that was just sent, no draft is left: pages save late what they have sent already, and whoever goes back to it
-- has given up what was typed between. It moves the attempt like an answer, so that neither an answer nor the end can
-- pass it unseen. One row tells what stands there: kept, or why not; the last column is false where the attempt moved
-- meanwhile.
WITH seat AS (
    SELECT attempt.id, attempt.revision, attempt.state, attempt.deadline, place.id AS place, place.answers,
           place.is_settled
    FROM assessment_attempt AS attempt
    JOIN assessment_userlearner AS link ON link.learner_id = attempt.learner_id AND link.user_id = %(user)s
    LEFT JOIN assessment_presentation AS place
           ON place.attempt_id = attempt.id AND place.position = %(position)s
    WHERE attempt.id = %(attempt)s
), allowed AS (
    SELECT * FROM seat
    WHERE state = 'open' AND (deadline IS NULL OR deadline >= %(now)s) AND NOT is_settled
      AND coalesce(%(after)s, answers) >= answers
), moved AS (
    UPDATE assessment_attempt AS attempt SET revision = attempt.revision + 1
    FROM allowed WHERE attempt.id = allowed.id AND attempt.revision = allowed.revision
    RETURNING allowed.place, allowed.answers
), repeated AS (
    SELECT place FROM moved
    WHERE %(answer)s::jsonb = (
        SELECT last.answer::jsonb FROM assessment_response AS last
        WHERE last.presentation_id = moved.place AND last.origin <> 'late'
          AND NOT EXISTS (SELECT FROM assessment_verdict AS void
                          WHERE void.response_id = last.id AND void.current AND void.is_void)
        ORDER BY last.sequence DESC LIMIT 1
    )
), gone AS (
    DELETE FROM assessment_draft AS draft USING repeated WHERE draft.presentation_id = repeated.place
), kept AS (
    INSERT INTO assessment_draft (presentation_id, answer, after, saved_at)
    SELECT place, %(answer)s::json, coalesce(%(after)s, answers), %(now)s FROM moved
    WHERE NOT EXISTS (SELECT FROM repeated)
    ON CONFLICT (presentation_id) DO UPDATE
    SET answer = excluded.answer, after = excluded.after, saved_at = excluded.saved_at
)
SELECT place, state, deadline, is_settled, answers, EXISTS (SELECT FROM allowed) AS allowed,
       EXISTS (SELECT FROM moved) AS moved
FROM seat

-- name: fold_exposure
-- Adds what has been appended to the counts, and takes it away. Only what no running transaction may still add to: a
-- row with a lower number can be committed later. Locks the counts that it changes, in no learner's way.
WITH taken AS (
    DELETE FROM assessment_exposureevent
    WHERE written_by < pg_snapshot_xmin(pg_current_snapshot())
    RETURNING assessment_id, band, attempts, amount, given, withheld
), totals AS (
    INSERT INTO assessment_exposuretotal (assessment_id, band, attempts)
    SELECT assessment_id, band, sum(attempts) FROM taken GROUP BY assessment_id, band
    ON CONFLICT (assessment_id, band) DO UPDATE SET attempts = assessment_exposuretotal.attempts + excluded.attempts
), changes AS (
    SELECT assessment_id, band, slug, amount AS given, 0 AS withheld FROM taken, unnest(given) AS slug
    UNION ALL
    SELECT assessment_id, band, slug, 0, amount FROM taken, unnest(withheld) AS slug
), counts AS (
    INSERT INTO assessment_exposurecount (assessment_id, band, item_id, given, withheld)
    SELECT changes.assessment_id, changes.band, item.id, sum(changes.given), sum(changes.withheld)
    FROM changes JOIN content_item AS item ON item.slug = changes.slug
    GROUP BY changes.assessment_id, changes.band, item.id
    ON CONFLICT (assessment_id, band, item_id) DO UPDATE
    SET given = assessment_exposurecount.given + excluded.given,
        withheld = assessment_exposurecount.withheld + excluded.withheld
)
SELECT count(*) FROM taken

-- name: difficulties_to_fold
-- The answers to items that are tried out, of which none can come before these any more, in their order.
SELECT id FROM assessment_difficultyevent
WHERE batch IS NULL AND written_by < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY id LIMIT %(most)s

-- name: give_more
-- Other deadlines, and more tries, for attempts that are locked: as many as there are, in one statement.
UPDATE assessment_attempt AS attempt
SET revision = attempt.revision + 1, deadline = more.deadline, tries = more.tries
FROM unnest(%(attempts)s::uuid[], %(deadlines)s::timestamptz[], %(tries)s::integer[]) AS more (id, deadline, tries)
WHERE attempt.id = more.id
RETURNING attempt.id

-- name: concerned
-- The attempts in which some wordings were shown, the oldest first, without those that a correction has reached already
-- or, where it is previewed, of which it is known what it would do.
-- By the index on the wordings of presentations. Takes no lock.
SELECT attempt.id
FROM assessment_attempt AS attempt
WHERE attempt.id IN (SELECT place.attempt_id FROM assessment_presentation AS place
                     WHERE place.item_version_id = ANY(%(versions)s))
  AND (%(assessment)s::uuid IS NULL OR attempt.assignment_id IN (
          SELECT id FROM assessment_assignment WHERE assessment_id = %(assessment)s))
  AND NOT EXISTS (SELECT FROM assessment_correctioneffect AS effect
                  WHERE effect.correction_id = %(correction)s AND effect.attempt_id = attempt.id
                    AND (%(known)s OR effect.applied_at IS NOT NULL))
ORDER BY attempt.id

-- name: read_briefly
-- All places of some attempts in brief, as modes take them, in the order of their positions. What was first answered,
-- and when, is asked of those alone that were chosen one by one. Ids come as text: there are many, of few. Takes no lock.
SELECT place.attempt_id::text, place.position, place.item_version_id::text, place.weight, place.score, place.is_settled,
       place.is_seeded, place.is_dropped, place.awarded,
       CASE WHEN place.choice IS NOT NULL THEN place.first_at END, place.first_score, place.first_hints,
       CASE WHEN place.choice IS NOT NULL THEN place.shown_at END, place.choice
FROM assessment_presentation AS place
WHERE place.attempt_id = ANY(%(attempts)s)
ORDER BY place.attempt_id, place.position

-- name: attempts_to_judge
-- Attempts without what their modes keep of their beginning, the oldest first.
SELECT {columns} FROM assessment_attempt AS attempt WHERE attempt.id = ANY(%(attempts)s) ORDER BY attempt.id

-- name: places_to_judge
-- What was shown of some wordings in some attempts.
SELECT {columns} FROM assessment_presentation AS place
WHERE place.attempt_id = ANY(%(attempts)s) AND place.item_version_id = ANY(%(versions)s)
ORDER BY place.attempt_id, place.position

-- name: responses_to_judge
-- What was answered at some places, in order.
SELECT {columns} FROM assessment_response AS response
WHERE response.presentation_id = ANY(%(places)s) ORDER BY response.presentation_id, response.sequence

-- name: verdicts_to_judge
-- The verdicts on what was answered at some places, in order.
SELECT {columns} FROM assessment_verdict AS verdict
JOIN assessment_response AS response ON response.id = verdict.response_id
WHERE response.presentation_id = ANY(%(places)s) ORDER BY verdict.response_id, verdict.number

-- name: kept_from
-- Which of some attempts would have lost by which corrections: these hold nothing there.
SELECT attempt_id, correction_id FROM assessment_correctioneffect
WHERE attempt_id = ANY(%(attempts)s) AND kept AND applied_at IS NOT NULL

-- name: lock_attempts
-- Some attempts and their revisions, locked in the order of their ids.
SELECT id, revision FROM assessment_attempt WHERE id = ANY(%(attempts)s) ORDER BY id FOR UPDATE

-- name: reached
-- Which of some attempts a correction has reached; asked when they are locked, so that none is reached meanwhile.
SELECT attempt_id FROM assessment_correctioneffect
WHERE correction_id = %(correction)s AND attempt_id = ANY(%(attempts)s) AND applied_at IS NOT NULL

-- name: lower_verdicts
-- The verdicts that new ones replace, before these rise.
UPDATE assessment_verdict SET current = false WHERE response_id = ANY(%(responses)s) AND current

-- name: correct_places
-- Places as a correction leaves them. Their attempts, or in practice they themselves, are locked.
UPDATE assessment_presentation AS place
SET score = row.score, is_pending = row.is_pending, first_at = row.first_at, first_score = row.first_score,
    first_hints = row.first_hints, correction_id = row.correction_id, corrected_document = row.corrected_document,
    is_dropped = row.is_dropped, awarded = row.awarded
FROM json_to_recordset(%(places)s::json) AS row (
    id uuid, score float8, is_pending boolean, first_at timestamptz, first_score float8, first_hints integer,
    correction_id uuid, corrected_document json, is_dropped boolean, awarded float8)
WHERE place.id = row.id

-- name: keep_effects
-- What a correction would do to attempts, or has done.
INSERT INTO assessment_correctioneffect (
    correction_id, attempt_id, learner_id, before_score, before_max, after_score, after_max, kept, passed_before,
    passed_after, told_right, path_differs, refused, applied_at)
SELECT row.correction_id, row.attempt_id, row.learner_id, row.before_score, row.before_max, row.after_score,
       row.after_max, row.kept, row.passed_before, row.passed_after, row.told_right, row.path_differs, row.refused,
       row.applied_at
FROM json_populate_recordset(NULL::assessment_correctioneffect, %(effects)s::json) AS row
ON CONFLICT (correction_id, attempt_id) DO UPDATE
SET before_score = excluded.before_score, before_max = excluded.before_max, after_score = excluded.after_score,
    after_max = excluded.after_max, kept = excluded.kept, passed_before = excluded.passed_before,
    passed_after = excluded.passed_after, told_right = excluded.told_right, path_differs = excluded.path_differs,
    refused = excluded.refused, applied_at = excluded.applied_at

-- name: correct_attempts
-- Attempts as a correction leaves them, with the new verdicts. They are locked, and as they were read.
WITH judged AS (
    INSERT INTO assessment_verdict
    SELECT row.* FROM json_populate_recordset(NULL::assessment_verdict, %(verdicts)s::json) AS row
)
UPDATE assessment_attempt AS attempt
SET revision = attempt.revision + 1, score = row.score, max_score = row.max_score, posterior = row.posterior
FROM json_to_recordset(%(attempts)s::json) AS row (
    id uuid, score float8, max_score float8, posterior float8[])
WHERE attempt.id = row.id
