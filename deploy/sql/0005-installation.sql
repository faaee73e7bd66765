-- What all silos of a cluster have to have alike, as the first of them found it: the hash of each store's mark, and a secret that only the cluster's key opens.
-- A silo compares at its start. Orleans knows nothing of this table.

CREATE TABLE installation
(
    service_id text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    value      text NOT NULL,
    PRIMARY KEY (service_id, name)
);
