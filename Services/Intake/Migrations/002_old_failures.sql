-- Wrong tracking codes are forgotten when their window is over.
CREATE INDEX track_failures_since ON intake.track_failures (since);
GRANT DELETE ON intake.track_failures TO renling_intake;
