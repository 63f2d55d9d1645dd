-- Questions of fact with what each source says, public releases and rumours, the catalogue of data sets.
create table information (
  id            uuid        not null constraint information_pkey primary key,
  incident_id   uuid        not null constraint information_incident_fkey references incident deferrable initially deferred,
  key           text        not null,
  jurisdiction  text        not null,
  parties       uuid[]      not null,   -- who says something to it, and who was given it
  contradictory boolean     not null,
  heard_at      timestamptz not null,   -- when something was last said
  state         jsonb       not null,
  constraint information_question_once unique (incident_id, key)
) with (fillfactor = 70);
create index information_recent on information (heard_at desc);
create index information_parties on information using gin (parties);

-- `kind`: of a release, or `rumour`.
create table release (
  id           uuid        not null constraint release_pkey primary key,
  incident_id  uuid        not null constraint release_incident_fkey references incident deferrable initially deferred,
  jurisdiction text        not null,
  parties      uuid[]      not null,   -- who drafted it, who approves it; once it is out also its audience
  kind         text        not null,
  status       text        not null,
  is_out       boolean     not null,
  stirred_at   timestamptz not null,   -- drafted, published or, of a rumour, seen
  published_at timestamptz,
  state        jsonb       not null
);
create unique index release_first_once on release (incident_id) where kind = 'first' and status = 'published';
create index release_incident on release (incident_id, stirred_at desc);
create index release_recent on release (stirred_at desc);
create index release_published on release (published_at desc) where status = 'published';

create table dataset (
  id           uuid        not null constraint dataset_pkey primary key,
  owner        uuid        not null constraint dataset_owner_fkey references organization deferrable initially deferred,
  jurisdiction text,
  parties      uuid[]      not null,   -- the owner, and with whom it is shared
  sharing      text        not null,
  title        text        not null,
  stale_at     timestamptz not null,
  retired      boolean     not null,
  state        jsonb       not null
);
create index dataset_title on dataset (title, id) where not retired;

alter table information enable row level security;
alter table release enable row level security;
alter table dataset enable row level security;

create policy information_seen on information for select to muster_reader using (
  reader_sees(jurisdiction, parties) or (reader_organization() is not null and incident_id in (select i.id from incident i)));

-- What is not out yet is seen by whoever drafted it and whoever approves it, wherever it is; an exercise is seen whole.
create policy release_seen on release for select to muster_reader using (
  case when is_out then reader_sees(jurisdiction, parties) or (reader_organization() is not null and incident_id in (select i.id from incident i))
       else parties @> array[reader_organization()] or reader_observes() end);

-- The catalogue is for everybody: that there are such data, whose they are, and why they are withheld.
create policy dataset_seen on dataset for select to muster_reader using (reader_organization() is not null);

grant select on information, release, dataset to muster_reader;

-- What the log says of them is seen by whoever sees them; of data that are not open, their address is for whom they are shared with.
create policy event_information_seen on event as restrictive for select to muster_reader using (
  case when stream like 'information/%' then substr(stream, 13)::uuid in (select n.id from information n)
       when stream like 'release/%' then substr(stream, 9)::uuid in (select r.id from release r)
       when stream like 'dataset/%' then
         exists (select 1 from dataset d where d.id = substr(stream, 9)::uuid and (d.sharing = 'open' or d.parties @> array[reader_organization()]))
         or reader_observes()
       else true end);
