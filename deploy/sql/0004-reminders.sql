-- When grains want to be woken.
--
-- A grain asks for its own reminders by its id, which is the primary key. A silo asks, when it starts, when silos come and go and every
-- now and then, for all reminders whose grains' hashes lie in its part of the ring: that is what reminder_by_hash is for. The hash is that
-- of Orleans, an unsigned number, kept in a signed column: the provider picks one of the two queries below by comparing the bounds as signed.

CREATE TABLE reminder
(
    service_id text COLLATE "C" NOT NULL,
    grain_id   text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    grain_hash integer NOT NULL,
    start_at   timestamptz NOT NULL,
    period_ms  bigint NOT NULL,
    version    integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, name)
)
WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05); -- moved on every day, with no index touched

CREATE INDEX reminder_by_hash ON reminder (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Sets a reminder and gives its new version. As with state, one that is made anew has a version that nobody remembers.
('UpsertReminderRowKey', $query$
INSERT INTO reminder (service_id, grain_id, name, grain_hash, start_at, period_ms, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1 + floor(random() * 1000000000)::integer)
ON CONFLICT (service_id, grain_id, name) DO UPDATE
SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms, version = reminder.version + 1
RETURNING version AS "Version"
$query$),

('ReadReminderRowsKey', $query$
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period_ms AS "Period", version AS "Version" FROM reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId
$query$),

('ReadReminderRowKey', $query$
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period_ms AS "Period", version AS "Version" FROM reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$query$),

-- A part of the ring that does not pass the end of the signed numbers.
('ReadRangeRows1Key', $query$
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period_ms AS "Period", version AS "Version" FROM reminder
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$query$),

-- A part that does; with equal bounds, the whole ring.
('ReadRangeRows2Key', $query$
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period_ms AS "Period", version AS "Version" FROM reminder
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$query$),

('DeleteReminderRowKey', $query$
WITH gone AS
(
    DELETE FROM reminder WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM gone)
$query$),

('DeleteReminderRowsKey', $query$
DELETE FROM reminder WHERE service_id = @ServiceId
$query$);
