-- What Orleans' ADO.NET providers ask a database for.
--
-- The providers know one table by name, OrleansQuery with QueryKey and QueryText, and read every statement that they run from it. A
-- statement's parameters and the names of its result columns are the contract; the tables behind it are ours. So a statement can be
-- made better by a later script without touching a program: a silo reads the texts once, when it starts.

CREATE TABLE OrleansQuery
(
    QueryKey  text COLLATE "C" NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);
