-- name: read_session
-- Who asks: a session that has not expired, with its user. By the primary keys of both.
SELECT {session}, {account}
FROM assessment_session AS session LEFT JOIN assessment_user AS account ON account.id = session.user_id
WHERE session.session_key = %(key)s AND session.expire_date > %(now)s
