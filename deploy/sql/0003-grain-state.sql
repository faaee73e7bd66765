-- What grains remember.
--
-- A row is found by the hashes of key and type, and by key and type themselves, all in the primary key: one probe of one index for a read or
-- a write, decided at the first comparison, and no row ever appears twice. Nothing in the index changes when state is written, and
-- pages keep some room, so that a write stays within its page.
--
-- A version is a row's etag. A new row starts at a number that nobody can have seen: a writer that remembers a state from before it was
-- removed and made again does not fit the new one.

CREATE TABLE grain_state
(
    key_hash   integer NOT NULL,
    type_hash  integer NOT NULL,
    service_id text COLLATE "C" NOT NULL,
    type       text COLLATE "C" NOT NULL, -- the state's name
    key_text   text COLLATE "C" NOT NULL, -- a text key, or what extends a numeric one
    key_high   bigint NOT NULL,           -- a numeric key; both 0 beside a text
    key_low    bigint NOT NULL,
    version    integer NOT NULL,
    document   bytea,                     -- JSON in UTF-8; null: cleared
    written_at timestamptz NOT NULL,
    PRIMARY KEY (key_hash, type_hash, service_id, type, key_text, key_high, key_low)
)
WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

('ReadFromStorageKey', $query$
SELECT document AS "PayloadBinary", version AS "Version" FROM grain_state
WHERE key_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service_id = @ServiceId AND type = @GrainTypeString
    AND key_text = coalesce(@GrainIdExtensionString, '') AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
$query$),

-- Without a version: makes the row. With one: changes the row that has it. No result: somebody else has written.
('WriteToStorageKey', $query$
WITH made AS
(
    INSERT INTO grain_state (key_hash, type_hash, service_id, type, key_text, key_high, key_low, version, document, written_at)
    SELECT @GrainIdHash, @GrainTypeHash, @ServiceId, @GrainTypeString, coalesce(@GrainIdExtensionString, ''), @GrainIdN0, @GrainIdN1,
        1 + floor(random() * 1000000000)::integer, @PayloadBinary, now()
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version
),
changed AS
(
    UPDATE grain_state SET version = version + 1, document = @PayloadBinary, written_at = now()
    WHERE key_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service_id = @ServiceId AND type = @GrainTypeString
        AND key_text = coalesce(@GrainIdExtensionString, '') AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
        AND version = @GrainStateVersion
    RETURNING version
)
SELECT version AS "NewGrainStateVersion" FROM made UNION ALL SELECT version FROM changed
$query$),

-- Keeps the row and its version, empty.
('ClearStorageKey', $query$
UPDATE grain_state SET version = version + 1, document = NULL, written_at = now()
WHERE key_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service_id = @ServiceId AND type = @GrainTypeString
    AND key_text = coalesce(@GrainIdExtensionString, '') AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
    AND version = @GrainStateVersion
RETURNING version AS "NewGrainStateVersion"
$query$),

-- Removes the row. The result differs from the version that was asked for: that is how the provider sees that it is done.
('DeleteStorageKey', $query$
DELETE FROM grain_state
WHERE key_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service_id = @ServiceId AND type = @GrainTypeString
    AND key_text = coalesce(@GrainIdExtensionString, '') AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
    AND version = @GrainStateVersion
RETURNING version + 1 AS "NewGrainStateVersion"
$query$);
