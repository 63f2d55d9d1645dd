-- The read models: each row is the folded state of one stream, written by the transaction that appended to it.
create table jurisdiction (
  code   text  not null constraint jurisdiction_pkey primary key,
  name   jsonb not null,
  source text  not null
);

create table organization (
  id           uuid    not null constraint organization_pkey primary key,
  name         jsonb   not null,
  sector       text    not null,
  kind         text    not null,
  functions    text[]  not null,
  jurisdiction text,
  superior     uuid    constraint organization_superior_fkey references organization deferrable initially deferred,
  verified     boolean not null,
  constraint organization_not_its_own_superior check (superior <> id)
);

create table post (
  id              uuid   not null constraint post_pkey primary key,
  organization_id uuid   not null constraint post_organization_fkey references organization deferrable initially deferred,
  title           jsonb  not null,
  powers          text[] not null,
  holders         text[] not null
);
create index post_organization on post (organization_id);

create table instrument (
  id             text    not null constraint instrument_pkey primary key,
  version        integer not null,
  jurisdiction   text    not null,
  in_force_from  date    not null,
  in_force_until date,
  content        jsonb   not null
);

create table incident (
  id             uuid        not null constraint incident_pkey primary key,
  number         text        not null constraint incident_number_key unique,
  title          text        not null,
  status         text        not null,
  class          text,
  hazard         text        not null,
  severity       smallint    constraint incident_severity_level check (severity between 1 and 4),
  response_level smallint    constraint incident_response_level check (response_level between 1 and 4),
  jurisdiction   text        not null,
  parties        uuid[]      not null,
  place          jsonb,
  zone           text        not null,
  reported_at    timestamptz not null,
  closed_at      timestamptz,
  merged_into    uuid        constraint incident_merged_into_fkey references incident deferrable initially deferred,
  state          jsonb       not null,
  constraint incident_not_merged_into_itself check (merged_into <> id)
);
create index incident_open on incident (reported_at desc) where closed_at is null;
create index incident_merged on incident (merged_into) where merged_into is not null;

create table sitrep (
  id           uuid        not null constraint sitrep_pkey primary key,
  incident_id  uuid        not null constraint sitrep_incident_fkey references incident deferrable initially deferred,
  number       integer     not null,
  kind         text        not null,
  from_organization uuid   not null,
  to_organization   uuid,
  filed_at     timestamptz not null,
  state        jsonb       not null,
  constraint sitrep_number_key unique (incident_id, number)
);
create unique index sitrep_initial_once on sitrep (incident_id, from_organization) where kind = 'initial';
create unique index sitrep_final_once on sitrep (incident_id, from_organization) where kind = 'final';

create table obligation (
  id            uuid        not null constraint obligation_pkey primary key,
  incident_id   uuid        not null constraint obligation_incident_fkey references incident deferrable initially deferred,
  jurisdiction  text        not null,
  parties       uuid[]      not null,
  debtor        uuid        not null,
  creditor      uuid        not null,
  status        text        not null,
  open          boolean     not null,
  owed_at       timestamptz not null,
  due_at        timestamptz,
  lapsed_at     timestamptz,
  discharged_at timestamptz,
  state         jsonb       not null
) with (fillfactor = 50);
create index obligation_incident on obligation (incident_id);
create index obligation_debtor_open on obligation (debtor, due_at) where open;
create index obligation_due on obligation (due_at) where open;
create index obligation_parties on obligation using gin (parties);
