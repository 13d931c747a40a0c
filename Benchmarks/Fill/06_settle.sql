-- What autovacuum would have done over the years: visibility maps, frozen rows, statistics.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET maintenance_work_mem = '1GB';
VACUUM (FREEZE, ANALYZE);
DROP SCHEMA bench_fill CASCADE;
CHECKPOINT;
