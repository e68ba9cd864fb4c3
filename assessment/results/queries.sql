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
