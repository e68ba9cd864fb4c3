-- The statements of item statistics. Each reads for a list of attempts; none takes a lock. A place is known by
-- (number of its attempt in the list) * stride + position.

-- name: places
-- By version the places of the attempts, in columns: what each was worth, what its first try was worth, its weight, and
-- for how long it was in view. Presentations by (attempt, position), responses by (presentation, sequence).
SELECT shown.item_version_id,
       array_agg(counted.number * %(stride)s + shown.position ORDER BY counted.number, shown.position),
       array_agg(COALESCE(shown.awarded, shown.score, CASE WHEN shown.solution_seen_at IS NOT NULL THEN 0 END)
                 ORDER BY counted.number, shown.position),
       array_agg(shown.first_score ORDER BY counted.number, shown.position),
       array_agg(shown.weight ORDER BY counted.number, shown.position),
       array_agg(viewed.seconds ORDER BY counted.number, shown.position)
FROM unnest(%(attempts)s::uuid[]) WITH ORDINALITY AS counted (id, number)
JOIN assessment_presentation AS shown ON shown.attempt_id = counted.id
LEFT JOIN LATERAL (
    SELECT sum(sent.seconds) AS seconds FROM assessment_response AS sent WHERE sent.presentation_id = shown.id
) AS viewed ON true
WHERE NOT shown.is_dropped
GROUP BY shown.item_version_id

-- name: answers
-- What was answered to some versions, as the current verdicts have it: each different answer to an interaction once, with
-- the places where it was given, and which answer of its attempt it was there. Of exercises what is right differs from
-- draw to draw and is not told apart. Nothing is sorted here: documents would go through files.
SELECT shown.item_version_id, each.key, told.misconception, told.score,
       CASE WHEN told.score >= %(right)s AND shown.item_version_id = ANY(%(exercises)s::uuid[]) THEN NULL
            ELSE left(told.parsed::text, %(longest)s) END,
       array_agg(counted.number * %(stride)s + shown.position), array_agg(sent.sequence)
FROM unnest(%(attempts)s::uuid[]) WITH ORDINALITY AS counted (id, number)
JOIN assessment_presentation AS shown ON shown.attempt_id = counted.id
JOIN assessment_response AS sent ON sent.presentation_id = shown.id AND sent.origin <> 'late'
JOIN assessment_verdict AS verdict ON verdict.response_id = sent.id AND verdict.current
CROSS JOIN LATERAL json_each(verdict.document -> 'interactions') AS each
CROSS JOIN LATERAL json_to_record(each.value) AS told (misconception text, score float8, parsed json)
WHERE NOT shown.is_dropped AND shown.item_version_id = ANY(%(versions)s::uuid[])
    AND verdict.valid AND NOT verdict.is_void
GROUP BY 1, 2, 3, 4, 5

-- name: values
-- What was drawn for the single numbers among the parameters of some versions.
SELECT shown.item_version_id, drawn.key, array_agg(counted.number * %(stride)s + shown.position),
       array_agg((drawn.value #>> '{}')::float8)
FROM unnest(%(attempts)s::uuid[]) WITH ORDINALITY AS counted (id, number)
JOIN assessment_presentation AS shown ON shown.attempt_id = counted.id AND NOT shown.is_dropped
JOIN LATERAL json_each(shown.variant -> 'values') AS drawn ON json_typeof(drawn.value) = 'number'
JOIN unnest(%(versions)s::uuid[], %(names)s::text[]) AS wanted (version, name)
    ON wanted.version = shown.item_version_id AND wanted.name = drawn.key
GROUP BY 1, 2

-- name: skills
-- Of attempts that practice skills: by skill the places, how many were answered, and the mean of their first tries.
SELECT shown.choice ->> 'skill', count(*), count(shown.first_score), avg(shown.first_score),
       count(DISTINCT shown.attempt_id)
FROM unnest(%(attempts)s::uuid[]) AS counted (id)
JOIN assessment_presentation AS shown ON shown.attempt_id = counted.id
WHERE NOT shown.is_dropped AND shown.choice ->> 'skill' IS NOT NULL
GROUP BY 1
ORDER BY 1

-- name: misconceptions
-- What the learners of a course have shown in the attempts assigned to it, those under way as well: by misconception,
-- learner, item and week, how often and when last.
SELECT each.value ->> 'misconception', link.user_id, version.item_id,
       date_trunc('week', sent.created_at AT TIME ZONE %(zone)s)::date, count(*), max(sent.created_at)
FROM assessment_enrolment AS enrolled
JOIN assessment_userlearner AS link ON link.user_id = enrolled.user_id
JOIN assessment_assignment AS given ON given.course_id = enrolled.course_id
JOIN assessment_attempt AS attempt ON attempt.assignment_id = given.id AND attempt.learner_id = link.learner_id
    AND NOT attempt.is_void
JOIN assessment_presentation AS shown ON shown.attempt_id = attempt.id AND NOT shown.is_dropped
JOIN content_itemversion AS version ON version.id = shown.item_version_id
JOIN assessment_response AS sent ON sent.presentation_id = shown.id AND sent.origin <> 'late'
JOIN assessment_verdict AS verdict ON verdict.response_id = sent.id AND verdict.current
CROSS JOIN LATERAL json_each(verdict.document -> 'interactions') AS each
WHERE enrolled.course_id = %(course)s AND enrolled.role = 'learner'
    AND (enrolled.ends_at IS NULL OR enrolled.ends_at > %(now)s)
    AND verdict.valid AND NOT verdict.is_void
    AND EXISTS (SELECT FROM content_itemversion_misconceptions AS shows WHERE shows.itemversion_id = version.id)
    AND each.value ->> 'misconception' IS NOT NULL
GROUP BY 1, 2, 3, 4

-- name: right_since
-- When the learners of a course were last right at the first try where a misconception could have shown.
SELECT idea.slug, link.user_id, max(shown.first_at)
FROM assessment_enrolment AS enrolled
JOIN assessment_userlearner AS link ON link.user_id = enrolled.user_id
JOIN assessment_presentation AS shown ON shown.learner_id = link.learner_id AND NOT shown.is_dropped
JOIN content_itemversion_misconceptions AS shows ON shows.itemversion_id = shown.item_version_id
JOIN content_misconception AS idea ON idea.id = shows.misconception_id
WHERE enrolled.course_id = %(course)s AND enrolled.role = 'learner' AND shown.first_score >= %(right)s
GROUP BY 1, 2
