-- Who sees what, once more in the database: the server reads as muster_reader with the organization that asks
-- set for the transaction; with nothing set there are no rows. The rule is that of core/authority.ts, maySee.
create function reader_organization() returns uuid language sql stable as
$$ select nullif(current_setting('muster.organization', true), '')::uuid $$;

create function reader_jurisdiction() returns text language sql stable as
$$ select nullif(current_setting('muster.jurisdiction', true), '') $$;

create function covers(outer_code text, inner_code text) returns boolean language sql immutable as $$
  select outer_code = '100000' or outer_code = inner_code
      or (outer_code like '%00' and inner_code <> '100000'
          and case when outer_code like '%0000' then left(inner_code, 2) = left(outer_code, 2) else left(inner_code, 4) = left(outer_code, 4) end)
$$;

-- An organization without a territory sees what names it and nothing else: the nation covers every territory, but none is no territory.
create function reader_sees(jurisdiction text, parties uuid[]) returns boolean language sql stable as $$
  select reader_organization() is not null
     and (reader_organization() = any(parties)
          or (reader_jurisdiction() is not null and (covers(reader_jurisdiction(), jurisdiction) or covers(jurisdiction, reader_jurisdiction()))))
$$;

alter table incident enable row level security;
alter table obligation enable row level security;
alter table sitrep enable row level security;
alter table event enable row level security;

create policy obligation_seen on obligation for select to muster_reader using (reader_sees(jurisdiction, parties));
create policy incident_seen on incident for select to muster_reader using (
  reader_sees(jurisdiction, parties)
  or (reader_organization() is not null and id in (select o.incident_id from obligation o where o.parties @> array[reader_organization()])));
create policy sitrep_seen on sitrep for select to muster_reader using (incident_id in (select i.id from incident i));
create policy event_seen on event for select to muster_reader using (
  reader_organization() is not null and (incident_id is null or incident_id in (select i.id from incident i)));

do $$ begin execute format('grant usage on schema %I to muster_reader', current_schema()); end $$;
grant select on jurisdiction, organization, post, instrument, incident, sitrep, obligation, event, checkpoint to muster_reader;
