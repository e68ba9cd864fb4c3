-- name: latest_sittings
-- The latest attempt of each of some people at an assignment; void ones are passed over.
SELECT DISTINCT ON (link.user_id)
       link.user_id, attempt.id, attempt.number, attempt.mode, attempt.version_id, attempt.state, attempt.started_at,
       attempt.deadline, attempt.finished_at
FROM assessment_userlearner AS link
JOIN assessment_attempt AS attempt ON attempt.learner_id = link.learner_id
WHERE link.user_id = ANY(%(users)s) AND attempt.assignment_id = %(assignment)s AND NOT attempt.is_void
ORDER BY link.user_id, attempt.started_at DESC, attempt.number DESC

-- name: whereabouts
-- How far some attempts are, and the place and the time of what was done last: an answer, a draft, or a look at a
-- solution. By the index of positions; nothing of the documents is read.
SELECT place.attempt_id, count(*),
       count(*) FILTER (WHERE place.is_settled OR place.is_pending OR place.score IS NOT NULL),
       (array_agg(place.position ORDER BY done.at DESC, place.position DESC) FILTER (WHERE done.at IS NOT NULL))[1],
       max(done.at)
FROM assessment_presentation AS place
LEFT JOIN assessment_draft AS draft ON draft.presentation_id = place.id
CROSS JOIN LATERAL (SELECT greatest(place.answered_at, draft.saved_at, place.solution_seen_at) AS at) AS done
WHERE place.attempt_id = ANY(%(attempts)s)
GROUP BY place.attempt_id

-- name: same_answers
-- How many gave each of some answers, as they were read, to some wordings in attempts. By the index of presentations
-- by wording; reads all answers to these wordings, so it is for a page of the desk.
SELECT place.item_version_id, read.answer, count(*)
FROM assessment_presentation AS place
JOIN assessment_response AS response ON response.presentation_id = place.id
JOIN assessment_verdict AS verdict ON verdict.response_id = response.id AND verdict.current AND NOT verdict.is_void
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(one.key, one.value -> 'parsed') AS answer
    FROM jsonb_each(verdict.document::jsonb -> 'interactions') AS one
) AS read
WHERE place.item_version_id = ANY(%(versions)s::uuid[]) AND place.attempt_id IS NOT NULL
    AND read.answer = ANY(%(answers)s::text[]::jsonb[])
GROUP BY place.item_version_id, read.answer
