-- Which silos make up a cluster.
--
-- Every change of a cluster's list of silos carries the version of the list that its writer has seen, and makes the next one. Two silos that
-- want to change the list in the same moment therefore queue at one row, cluster_list: the second finds another version and reads again.
-- Each statement is a single one and so a transaction of its own. Signs of life do not change the version.

CREATE TABLE cluster_list
(
    cluster_id text COLLATE "C" NOT NULL PRIMARY KEY,
    version    integer NOT NULL,
    changed_at timestamptz NOT NULL
)
WITH (fillfactor = 50); -- one row for each cluster, updated in place for ever

CREATE TABLE cluster_silo
(
    cluster_id    text COLLATE "C" NOT NULL REFERENCES cluster_list,
    address       text COLLATE "C" NOT NULL, -- IP address
    port          integer NOT NULL,
    generation    integer NOT NULL,          -- tells a process from the one before it at the same address
    name          text NOT NULL,
    host          text NOT NULL,
    gateway_port  integer NOT NULL,          -- 0: takes no clients
    status        integer NOT NULL,          -- Orleans' SiloStatus: 3 is active, 6 is dead
    suspected     text,                      -- who suspects it since when, in Orleans' own form
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
)
WITH (fillfactor = 50); -- a few rows, each updated every half minute: no index is touched, and no page grows

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Makes the empty list of a cluster. True for the one that made it.
('InsertMembershipVersionKey', $query$
WITH made AS
(
    INSERT INTO cluster_list (cluster_id, version, changed_at) VALUES (@DeploymentId, 0, now())
    ON CONFLICT (cluster_id) DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM made)
$query$),

-- Adds a silo. False: the list has another version by now, or has this silo already.
('InsertMembershipKey', $query$
WITH list AS
(
    UPDATE cluster_list SET version = version + 1, changed_at = now()
    WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS
        (SELECT 1 FROM cluster_silo AS known WHERE known.cluster_id = @DeploymentId AND known.address = @Address AND known.port = @Port AND known.generation = @Generation)
    RETURNING cluster_id
),
added AS
(
    INSERT INTO cluster_silo (cluster_id, address, port, generation, name, host, gateway_port, status, started_at, alive_at)
    SELECT list.cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @ProxyPort, @Status, @StartTime, @IAmAliveTime FROM list
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM added)
$query$),

-- Changes what is known of a silo. False: the list has another version by now, or does not have this silo.
('UpdateMembershipKey', $query$
WITH list AS
(
    UPDATE cluster_list SET version = version + 1, changed_at = now()
    WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS
        (SELECT 1 FROM cluster_silo AS known WHERE known.cluster_id = @DeploymentId AND known.address = @Address AND known.port = @Port AND known.generation = @Generation)
    RETURNING cluster_id
),
changed AS
(
    UPDATE cluster_silo AS silo SET status = @Status, suspected = @SuspectTimes, alive_at = @IAmAliveTime
    FROM list
    WHERE silo.cluster_id = list.cluster_id AND silo.address = @Address AND silo.port = @Port AND silo.generation = @Generation
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM changed)
$query$),

('UpdateIAmAlivetimeKey', $query$
UPDATE cluster_silo SET alive_at = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),

-- One row for each silo, each with the version of the list; a list without silos still gives its version.
('MembershipReadAllKey', $query$
SELECT silo.address AS "Address", silo.port AS "Port", silo.generation AS "Generation", silo.name AS "SiloName", silo.host AS "HostName", silo.status AS "Status",
    silo.gateway_port AS "ProxyPort", silo.suspected AS "SuspectTimes", silo.started_at AS "StartTime", silo.alive_at AS "IAmAliveTime", list.version AS "Version"
FROM cluster_list AS list LEFT JOIN cluster_silo AS silo ON silo.cluster_id = list.cluster_id
WHERE list.cluster_id = @DeploymentId
$query$),

('MembershipReadRowKey', $query$
SELECT silo.address AS "Address", silo.port AS "Port", silo.generation AS "Generation", silo.name AS "SiloName", silo.host AS "HostName", silo.status AS "Status",
    silo.gateway_port AS "ProxyPort", silo.suspected AS "SuspectTimes", silo.started_at AS "StartTime", silo.alive_at AS "IAmAliveTime", list.version AS "Version"
FROM cluster_list AS list LEFT JOIN cluster_silo AS silo
    ON silo.cluster_id = list.cluster_id AND silo.address = @Address AND silo.port = @Port AND silo.generation = @Generation
WHERE list.cluster_id = @DeploymentId
$query$),

('GatewaysQueryKey', $query$
SELECT address AS "Address", gateway_port AS "ProxyPort", generation AS "Generation" FROM cluster_silo
WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$query$),

-- Forgets silos that have been dead for long.
('CleanupDefunctSiloEntriesKey', $query$
DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime
$query$),

-- The whole list goes, version and all.
('DeleteMembershipTableEntriesKey', $query$
WITH silos AS (DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId)
DELETE FROM cluster_list WHERE cluster_id = @DeploymentId
$query$);
