-- Where warnings of others come from: read at an address, or pushed with a key. What they say is in the log; this is how it gets here.
create table feed_source (
  id              text        not null constraint feed_source_pkey primary key,
  name            text        not null,
  url             text,                                                    -- null: it pushes
  effect          text        not null constraint feed_source_effect_known check (effect in ('show', 'signed', 'act')),
  trust           text,                                                    -- certificates and public keys, PEM: who has to have signed
  every_seconds   integer     not null constraint feed_source_every_bounded check (every_seconds between 30 and 86400),
  promise_seconds integer     not null,                                    -- silent for longer than this is a finding
  key_hash        bytea,                                                   -- SHA-256 of the key to push with; the key itself is kept nowhere
  paused          boolean     not null,
  added_at        timestamptz not null,
  etag            text,
  modified        text,
  checked_at      timestamptz,
  success_at      timestamptz,
  fresh_at        timestamptz,
  next_at         timestamptz,                                             -- null: it pushes
  failures        integer     not null default 0,
  problem         jsonb,                                                   -- {code, params} of the last failure
  shape           text,                                                    -- what was found there: cap, atom, rss, edxl
  fresh           bigint      not null default 0,
  known           bigint      not null default 0,
  refused         bigint      not null default 0,
  verdicts        jsonb       not null default '{}'                        -- how many of what was read were signed how
);
create index feed_source_due on feed_source (next_at) where next_at is not null and not paused;

-- What of a source needs no second look: entries by their id and time, alerts by their bytes.
create table feed_seen (
  source_id text        not null constraint feed_seen_source_fkey references feed_source on delete cascade,
  key       bytea       not null,
  tries     smallint    not null,                                          -- of a link that fails; 0: done with
  seen_at   timestamptz not null,
  constraint feed_seen_pkey primary key (source_id, key)
);
create index feed_seen_old on feed_seen (source_id, seen_at);

-- The last messages that were not taken, with their bytes, so that somebody can see why.
create table feed_refused (
  id        uuid        not null constraint feed_refused_pkey primary key,
  source_id text        not null constraint feed_refused_source_fkey references feed_source on delete cascade,
  at        timestamptz not null,
  address   text,
  code      text        not null,
  detail    text        not null,
  size      integer     not null,
  bytes     bytea                                                          -- null: more than is kept for inspection
);
create index feed_refused_recent on feed_refused (source_id, at desc, id);

-- Who decided that a source is listened to, and how; outlives the source.
create table feed_change (
  id              uuid        not null constraint feed_change_pkey primary key,
  source_id       text        not null,
  at              timestamptz not null,
  post_id         uuid        not null,
  organization_id uuid        not null,
  change          jsonb       not null
);
create index feed_change_source on feed_change (source_id, at desc);
