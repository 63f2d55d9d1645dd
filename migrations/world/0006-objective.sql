-- Objectives: one tree an incident, and of every year the trees of all territories, which link up. What an incident touches.
create table objective (
  id           uuid        not null constraint objective_pkey primary key,
  incident_id  uuid        constraint objective_incident_fkey references incident deferrable initially deferred,
  year         smallint,
  jurisdiction text        not null,
  parties      uuid[]      not null,
  parent       uuid        constraint objective_parent_fkey references objective deferrable initially deferred,
  owner        uuid        not null constraint objective_owner_fkey references organization deferrable initially deferred,
  functions    text[]      not null,
  status       text        not null,
  open         boolean     not null,
  set_at       timestamptz not null,
  state        jsonb       not null,
  constraint objective_not_its_own_parent check (parent <> id)
);
create unique index objective_root_once on objective (incident_id) where parent is null and status <> 'dropped';
create index objective_incident on objective (incident_id) where incident_id is not null;
create index objective_year on objective (year, jurisdiction) where year is not null;
create index objective_parent on objective (parent);

-- What one row cannot say: no circle, at most 8 deep, at most 500 in the tree of an incident or of a year and territory.
-- Deferred to the commit, when all rows of a rebuild are there; under the log's lock, so that nobody else grows the tree meanwhile.
create function objective_keeps_shape() returns trigger language plpgsql as $$
declare
  above integer;
  below integer;
begin
  with recursive up(id, parent, steps) as (
    select o.id, o.parent, 1 from objective o where o.id = new.id
    union all
    select o.id, o.parent, up.steps + 1 from objective o join up on o.id = up.parent where up.steps <= 16
  ) select max(steps) into above from up;
  if above > 16 then
    raise exception 'objective circle' using errcode = 'check_violation', constraint = 'objective_no_circle';
  end if;
  with recursive down(id, steps) as (
    select new.id, 0
    union all
    select o.id, down.steps + 1 from objective o join down on o.parent = down.id where down.steps <= 8
  ) select max(steps) into below from down;
  if above + below > 8 then
    raise exception 'objective depth' using errcode = 'check_violation', constraint = 'objective_depth';
  end if;
  if (select count(*) from objective o where o.status <> 'dropped'
      and case when new.incident_id is null then o.year = new.year and o.jurisdiction = new.jurisdiction else o.incident_id = new.incident_id end) > 500 then
    raise exception 'objective tree size' using errcode = 'check_violation', constraint = 'objective_tree_size';
  end if;
  return null;
end $$;
create constraint trigger objective_keeps_shape after insert or update of parent, status on objective
  deferrable initially deferred for each row execute function objective_keeps_shape();

alter table objective enable row level security;
create policy objective_seen on objective for select to muster_reader using (
  reader_sees(jurisdiction, parties) or (reader_organization() is not null and incident_id in (select i.id from incident i)));
grant select on objective to muster_reader;
-- The events of a year's objective are seen by whoever sees the objective; those of an incident's with the incident.
create policy event_of_objective_seen on event as restrictive for select to muster_reader using (
  incident_id is not null or stream not like 'objective/%' or substr(stream, 11)::uuid in (select o.id from objective o));

-- Whoever answers for a territory in the area of an incident sees it.
alter table incident add column jurisdictions text[] not null default '{}';
create policy incident_area_seen on incident for select to muster_reader using (
  reader_organization() is not null and reader_jurisdiction() is not null
  and exists (select 1 from unnest(jurisdictions) as touched(code) where covers(reader_jurisdiction(), code) or covers(code, reader_jurisdiction())));
