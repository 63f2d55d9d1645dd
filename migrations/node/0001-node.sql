-- What belongs to this node and to no world: who may sign in, who is signed in, which exercises were run.
create table account (
  name          text        not null constraint account_pkey primary key,
  password_hash text,                                                     -- argon2id, PHC string; null: passkey only
  created_at    timestamptz not null,
  disabled_at   timestamptz
);

create table passkey (
  id          text        not null constraint passkey_pkey primary key,   -- credential id, base64url
  account     text        not null constraint passkey_account_fkey references account,
  public_key  bytea       not null,
  sign_count  bigint      not null,
  transports  text[]      not null,
  created_at  timestamptz not null
);
create index passkey_account on passkey (account);

create table session (
  token_hash bytea       not null constraint session_pkey primary key,    -- SHA-256 of the cookie's token; the token itself is kept nowhere
  account    text        constraint session_account_fkey references account,  -- null: a post chosen in demonstration mode
  post_id    uuid        not null,
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_account on session (account);

create table exercise (
  id          uuid        not null constraint exercise_pkey primary key,
  scenario_id text        not null,
  title       jsonb       not null,
  scenario    jsonb       not null,
  status      text        not null,
  applied     integer     not null,
  entries     integer     not null,
  clock       timestamptz,
  started_at  timestamptz not null,
  started_by  text        not null,
  report      jsonb,
  problem     text
);
create index exercise_started on exercise (started_at desc);
