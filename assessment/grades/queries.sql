-- name: sittings
-- The attempts of some people at some assignments, in the order in which they began; void ones count for nothing and
-- are left out. By the learners that people are, or by the assignment, whichever are fewer. What the clock ends is
-- written a little later than it ended; as a number, since reading tens of thousands of times takes seconds.
SELECT link.user_id, attempt.assignment_id, attempt.id, attempt.state <> 'open', attempt.release,
       CASE WHEN attempt.state <> 'open'
            THEN extract(epoch FROM least(attempt.finished_at, attempt.deadline))::float8 END,
       attempt.score, attempt.max_score, attempt.awarded,
       EXISTS (SELECT FROM assessment_presentation AS place
               WHERE place.attempt_id = attempt.id AND place.is_pending AND NOT place.is_dropped)
FROM assessment_userlearner AS link
JOIN assessment_attempt AS attempt ON attempt.learner_id = link.learner_id
WHERE link.user_id = ANY(%(users)s) AND attempt.assignment_id = ANY(%(assignments)s) AND NOT attempt.is_void
ORDER BY attempt.started_at, attempt.number

-- name: notes
-- What holds of what people said of the grades of some people at some assignments: the latest of each.
SELECT DISTINCT ON (link.user_id, note.assignment_id)
       link.user_id, note.assignment_id, note.id, note.score, note.is_excused, note.comment
FROM assessment_gradenote AS note
JOIN assessment_userlearner AS link ON link.learner_id = note.learner_id
WHERE note.assignment_id = ANY(%(assignments)s) AND link.user_id = ANY(%(users)s)
ORDER BY link.user_id, note.assignment_id, note.id DESC
