-- What makes a request count once, and what makes one service's change reach another.

CREATE TABLE ledger.idempotency_keys (
    client_id  bigint      NOT NULL,
    key        text        NOT NULL,
    method     text        NOT NULL,
    digest     bytea       NOT NULL,
    response   text,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (client_id, key)
) PARTITION BY HASH (client_id, key);
COMMENT ON COLUMN ledger.idempotency_keys.digest IS
    'SHA-256 of the params as RFC 8785 text, without idempotencyKey and expectedVersion';
COMMENT ON COLUMN ledger.idempotency_keys.response IS 'The result, byte for byte; NULL only inside the writing transaction';

CREATE TABLE ledger.natural_keys (
    channel     text   NOT NULL,
    external_id text   NOT NULL,
    case_id     bigint NOT NULL,
    text_digest bytea  NOT NULL,
    CONSTRAINT natural_keys_pk PRIMARY KEY (channel, external_id)
) PARTITION BY HASH (channel, external_id);
COMMENT ON COLUMN ledger.natural_keys.text_digest IS 'SHA-256 of the last title and body seen under this key';

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE ledger.idempotency_keys_%s PARTITION OF ledger.idempotency_keys FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
        EXECUTE format('CREATE INDEX ON ledger.idempotency_keys_%s (expires_at)', i);
        EXECUTE format('CREATE TABLE ledger.natural_keys_%s PARTITION OF ledger.natural_keys FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    END LOOP;
END
$$;

CREATE TABLE ledger.outbox (
    msg_id       uuid        NOT NULL,
    consumer     text        NOT NULL,
    method       text        NOT NULL,
    case_id      bigint      NOT NULL,
    version      int         NOT NULL,
    ordinal      int         NOT NULL,
    params       text        NOT NULL,
    owner        uuid,
    attempt      int         NOT NULL DEFAULT 0,
    tries        int         NOT NULL DEFAULT 0,
    ready_at     timestamptz NOT NULL,
    dead_reason  text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_pk PRIMARY KEY (msg_id),
    CONSTRAINT outbox_order_once UNIQUE (consumer, case_id, version, ordinal)
);
COMMENT ON COLUMN ledger.outbox.owner IS 'The instance that holds the lease until ready_at; a nack or renewal is fenced by (owner, attempt)';
COMMENT ON COLUMN ledger.outbox.tries IS 'How often a receiver answered with an error; what never arrived does not count';
COMMENT ON COLUMN ledger.outbox.ready_at IS 'When the sweep may take the row: the end of its lease, or of its back-off';
-- Per consumer: one that is away must not hide what is ready for the others.
CREATE INDEX outbox_ready ON ledger.outbox (consumer, ready_at) WHERE dead_reason IS NULL;
CREATE INDEX outbox_created ON ledger.outbox (created_at);

CREATE TABLE ledger.inbox (
    msg_id      uuid        NOT NULL,
    consumer    text        NOT NULL,
    response    text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inbox_pk PRIMARY KEY (msg_id, consumer)
) PARTITION BY RANGE (msg_id);
CREATE TABLE ledger.inbox_other PARTITION OF ledger.inbox DEFAULT;

CREATE FUNCTION ledger.make_inbox_month(month date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    low  text := lpad(to_hex((extract(epoch FROM month) * 1000)::bigint), 12, '0') || '00000000000000000000';
    high text := lpad(to_hex((extract(epoch FROM month + interval '1 month') * 1000)::bigint), 12, '0') || '00000000000000000000';
BEGIN
    EXECUTE format('CREATE TABLE IF NOT EXISTS ledger.%I PARTITION OF ledger.inbox FOR VALUES FROM (%L) TO (%L)',
        'inbox_' || to_char(month, 'YYYYMM'), low, high);
END
$$;
REVOKE EXECUTE ON FUNCTION ledger.make_inbox_month FROM PUBLIC;

CREATE TABLE ledger.inbox_positions (
    consumer text   NOT NULL,
    case_id  bigint NOT NULL,
    version  int    NOT NULL,
    ordinal  int    NOT NULL,
    CONSTRAINT inbox_positions_pk PRIMARY KEY (consumer, case_id)
);
COMMENT ON TABLE ledger.inbox_positions IS 'The last event applied, per consumer and case';

CREATE TABLE ledger.service_instances (
    instance_id uuid        NOT NULL,
    service     text        NOT NULL,
    endpoint    text        NOT NULL,
    public_key  text,
    version     text        NOT NULL,
    started_at  timestamptz NOT NULL,
    beat_at     timestamptz NOT NULL,
    draining    boolean     NOT NULL,
    CONSTRAINT service_instances_pk PRIMARY KEY (instance_id)
);
CREATE INDEX service_instances_beat ON ledger.service_instances (beat_at);

CREATE TABLE ledger.track_failures (
    case_number text        NOT NULL,
    address     text        NOT NULL,
    failures    int         NOT NULL,
    since       timestamptz NOT NULL,
    CONSTRAINT track_failures_pk PRIMARY KEY (case_number, address)
);
CREATE INDEX track_failures_since ON ledger.track_failures (since);
COMMENT ON TABLE ledger.track_failures IS 'Wrong tracking codes, per case and address, within the policy''s window from `since` on';

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.idempotency_keys, ledger.outbox, ledger.service_instances TO renling_service;
-- The gateway looks tokens up, finds the services and shows dead letters; cases are not its business.
GRANT SELECT ON ledger.clients, ledger.units, ledger.divisions TO renling_gateway;
GRANT SELECT, INSERT, UPDATE ON ledger.idempotency_keys TO renling_gateway;
GRANT SELECT, UPDATE ON ledger.outbox TO renling_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.service_instances TO renling_gateway;
GRANT SELECT, INSERT, UPDATE ON ledger.natural_keys TO renling_intake;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.track_failures TO renling_intake, renling_supervision;
GRANT SELECT, INSERT ON ledger.inbox TO renling_service;
GRANT SELECT, INSERT, UPDATE ON ledger.inbox_positions TO renling_service;
CREATE INDEX outbox_dead ON ledger.outbox (created_at) WHERE dead_reason IS NOT NULL;
