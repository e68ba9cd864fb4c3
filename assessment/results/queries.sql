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
