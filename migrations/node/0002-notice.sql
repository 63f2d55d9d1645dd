-- What must never stand in a log that is exported: keys and addresses by which anybody could speak to a post, or for it.
create table notice_code (
  code_hash bytea       not null constraint notice_code_pkey primary key,  -- SHA-256 of the reply code
  notice_id uuid        not null,
  lapses_at timestamptz not null
);

create table push_subscription (
  id       uuid        not null constraint push_subscription_pkey primary key,
  post_id  uuid        not null,
  endpoint text        not null constraint push_subscription_endpoint_key unique,
  p256dh   text        not null,
  auth     text        not null,
  made_at  timestamptz not null
);
create index push_subscription_post on push_subscription (post_id);

create table webhook_endpoint (
  id      uuid        not null constraint webhook_endpoint_pkey primary key,
  post_id uuid        not null,
  shape   text        not null,
  url     text        not null,
  secret  text        not null,
  made_at timestamptz not null
);
create index webhook_endpoint_post on webhook_endpoint (post_id);
