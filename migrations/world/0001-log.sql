-- The log: the one table that is the truth. Everything else of a world can be rebuilt from it.
create table event (
  position    bigint      not null constraint event_pkey primary key,  -- from 1 without a gap, in the order of commit: given under a lock held to commit
  stream      text        not null,                                    -- 'obligation/<id>'
  version     integer     not null,
  type        text        not null,
  data        jsonb       not null,
  command_id  uuid        not null,                                    -- made by whoever asked; the same id is never applied twice
  actor       text        not null,
  basis       text,                                                    -- 'instrument@version#clause'
  incident_id uuid,                                                    -- whose timeline this belongs to
  occurred_at timestamptz not null,                                    -- when it happened in the world
  recorded_at timestamptz not null,                                    -- when we heard
  constraint event_stream_version_key unique (stream, version)
);
create index event_command on event (command_id);
create index event_incident on event (incident_id, position) where incident_id is not null;

create function event_is_append_only() returns trigger language plpgsql as $$
begin raise exception 'the event log is append-only' using errcode = 'restrict_violation'; end $$;
create trigger event_is_append_only before update or delete or truncate on event execute function event_is_append_only();

-- How far each follower has acted on the log.
create table follower (
  name     text   not null constraint follower_pkey primary key,
  position bigint not null
);

-- What time alone will do next to a stream; kept by the same transaction that changes the stream.
create table timer (
  stream  text        not null constraint timer_pkey primary key,
  at      timestamptz not null,
  command jsonb       not null
);
create index timer_at on timer (at);

-- The Merkle tree over the log (RFC 6962) and its signed checkpoints.
create table tree_node (
  level  smallint not null,
  chunk  bigint   not null,   -- nodes 32 × chunk and the next 31 of this level
  hashes bytea    not null,   -- 32 bytes each, as many as there are yet
  constraint tree_node_pkey primary key (level, chunk)
);
create table checkpoint (
  size      bigint      not null constraint checkpoint_pkey primary key,
  note      text        not null,
  signed_at timestamptz not null
);
create trigger checkpoint_is_append_only before update or delete or truncate on checkpoint execute function event_is_append_only();

-- The last number given out, by what is numbered.
create table counter (
  name text    not null constraint counter_pkey primary key,
  last integer not null
);
