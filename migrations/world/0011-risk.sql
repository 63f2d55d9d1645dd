-- Risk items 风险点 (hazards, hidden dangers, special sites), and what of an incident was carried over into them.
create table risk (
  id            uuid        not null constraint risk_pkey primary key,
  kind          text        not null,
  site_kind     text,
  hazard        text,                    -- what a hazard is
  hazards       text[]      not null,    -- what the item is exposed to, its own hazard included
  name          jsonb       not null,
  address       text        not null,
  search        text        not null,    -- names and address in lower case
  grams         text[]      not null,    -- each two neighbouring characters of `search`
  jurisdiction  text        not null,
  lon           double precision,
  lat           double precision,
  owner         uuid        constraint risk_owner_fkey references organization deferrable initially deferred,
  regulator     uuid        constraint risk_regulator_fkey references organization deferrable initially deferred,
  responder     uuid        constraint risk_responder_fkey references organization deferrable initially deferred,
  parties       uuid[]      not null,    -- owner, regulator, responder, and who registered it
  incidents     uuid[]      not null,    -- in which it was asked after or opened to the parties
  restricted    boolean     not null,    -- what is stored there is not for everyone who sees the item
  open          boolean     not null,
  gaps          text[]      not null,    -- what the register does not say of it, whatever the time
  fresh_until   timestamptz,             -- until its oldest fact breaks the promise; null: closed
  due_at        timestamptz,             -- the earliest deadline of a danger not yet mended
  dangers_open  smallint    not null,
  rehearsed_at  timestamptz,
  registered_at timestamptz not null,
  state         jsonb       not null,    -- without what is stored
  store         jsonb,                   -- read by others through risk_store alone
  constraint risk_kind_known check (kind in ('hazard', 'danger', 'site')),
  constraint risk_place_whole check ((lon is null) = (lat is null))
) with (fillfactor = 70);
create index risk_recent on risk (registered_at desc, id desc) where open;
create index risk_jurisdiction on risk (jurisdiction, site_kind) where open;
create index risk_place on risk (lat, lon) where open and lat is not null;
create index risk_grams on risk using gin (grams);
create index risk_fresh on risk (fresh_until) where open;
create index risk_due on risk (due_at) where open and due_at is not null;
create index risk_lacking on risk (registered_at) where open and gaps <> '{}';
create index risk_hazard on risk (hazard, jurisdiction) where open and kind = 'hazard';
create index risk_incidents on risk using gin (incidents);
create index incident_unit_involved on incident ((state ->> 'unitInvolved')) where closed_at is null;

alter table risk enable row level security;

create policy risk_seen on risk for select to muster_reader using (
  reader_sees(jurisdiction, parties)
  or (incidents <> '{}' and exists (select 1 from incident i where i.id = any(risk.incidents)))
  or (select reader_observes()));

-- What is stored, for whom it is: whoever answers for the item, the fire-rescue and emergency-management organizations whose
-- territory it lies in, and the parties of an open incident at it; where it is not restricted, whoever sees the item.
create view risk_store with (security_barrier) as
  select r.id, r.store
  from risk r
  where reader_organization() is not null and (
    reader_organization() in (r.owner, r.regulator, r.responder)
    or (not r.restricted and reader_sees(r.jurisdiction, r.parties))
    or exists (
      select 1 from organization o
      where o.id = reader_organization() and o.functions && array['fire-rescue', 'emergency-management'] and covers(o.jurisdiction, r.jurisdiction))
    or exists (
      select 1 from incident i
      where i.closed_at is null
        and (i.id = any(r.incidents) or i.state ->> 'unitInvolved' = r.owner::text)
        and (i.parties @> array[reader_organization()]
             or exists (select 1 from obligation o where o.incident_id = i.id and o.parties @> array[reader_organization()])))
    or reader_observes());

-- One row for each finding, or fact noted in an incident, that was carried over or refused; who waits is asked of its sources.
create table carry (
  id            uuid        not null constraint carry_pkey primary key,   -- of the finding, or of the command that noted the fact
  source        text        not null constraint carry_source_known check (source in ('finding', 'note')),
  incident_id   uuid,
  jurisdiction  text        not null,
  outcome       text        not null constraint carry_outcome_known check (outcome in ('risk', 'instrument', 'refused')),
  risk_id       uuid        constraint carry_risk_fkey references risk deferrable initially deferred,
  instrument_id text        constraint carry_instrument_fkey references instrument deferrable initially deferred,
  raised_at     timestamptz not null,
  decided_at    timestamptz not null,
  state         jsonb       not null
);
create index carry_recent on carry (decided_at desc);
create index carry_risk on carry (risk_id) where risk_id is not null;
create index event_found on event (recorded_at) where type = 'incident.noted' and data ->> 'kind' in ('danger-found', 'special-site-checked');
create index finding_settled on finding (closed_at) where not open;

alter table carry enable row level security;

-- Seen by whoever sees what it came from.
create policy carry_seen on carry for select to muster_reader using (
  case when source = 'finding' then exists (select 1 from finding f where f.id = carry.id)
       else exists (select 1 from incident i where i.id = carry.incident_id) end);

-- The same for what the log says of them: on top of the policy of the log, never instead of it.
create policy event_risk_seen on event as restrictive for select to muster_reader using (
  case when stream like 'risk/%' then
         case when type = 'risk.stored' then exists (select 1 from risk_store s where s.id = substr(stream, 6)::uuid)
              else exists (select 1 from risk r where r.id = substr(stream, 6)::uuid) end
       when stream like 'carry/%' then exists (select 1 from carry c where c.id = substr(stream, 7)::uuid)
       else true end);

grant select (id, kind, site_kind, hazard, hazards, name, address, search, grams, jurisdiction, lon, lat, owner, regulator, responder, parties,
              incidents, restricted, open, gaps, fresh_until, due_at, dangers_open, rehearsed_at, registered_at, state)
  on risk to muster_reader;
grant select on risk_store, carry to muster_reader;
