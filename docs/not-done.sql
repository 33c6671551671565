SELECT f.status, count(*) AS facts
FROM facts f JOIN articles a USING (article_id, version)
WHERE a.is_canonical AND f.status NOT IN ('occurred', 'ongoing')
GROUP BY f.status
ORDER BY facts DESC, f.status
