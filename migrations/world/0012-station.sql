-- Monitoring stations 监测站点, the thresholds in force, the proposals of warnings, and where readings are fetched from.
create table station (
  id            uuid        not null constraint station_pkey primary key,
  code          text        not null,
  jurisdiction  text        not null,
  parties       uuid[]      not null,   -- the owner
  owner         uuid        not null,
  indicators    text[]      not null,
  freshness_ms  bigint      not null,
  silent_since  timestamptz,
  retired       boolean     not null,
  registered_at timestamptz not null,
  state         jsonb       not null
) with (fillfactor = 80);
-- The code of a station that was retired may be given again.
create unique index station_code_key on station (code) where not retired;
create index station_jurisdiction on station (jurisdiction);

create table threshold (
  id           uuid        not null constraint threshold_pkey primary key,
  set_id       text        not null,
  jurisdiction text        not null,
  hazard       text        not null,
  in_force     boolean     not null,
  adopted_at   timestamptz not null,
  state        jsonb       not null
);
create unique index threshold_adopted_once on threshold (set_id, jurisdiction) where in_force;

create table proposal (
  id           uuid        not null constraint proposal_pkey primary key,
  station_id   uuid        not null constraint proposal_station_fkey references station deferrable initially deferred,
  jurisdiction text        not null,
  divisions    text[]      not null,
  parties      uuid[]      not null,
  hazard       text        not null,
  colour       text        not null,   -- the gravest reached
  status       text        not null,
  alert_id     uuid,
  over         boolean     not null,
  crossed_at   timestamptz not null,
  proposed_at  timestamptz not null,
  decided_at   timestamptz,
  state        jsonb       not null
) with (fillfactor = 70);
-- One at a time: what goes on is one proposal, however many servers watch.
create unique index proposal_open_once on proposal (station_id, hazard) where not over;
create index proposal_waiting on proposal (proposed_at desc) where status = 'proposed';
create index proposal_station on proposal (station_id, crossed_at desc);
create index proposal_recent on proposal (proposed_at desc);
create index proposal_alert on proposal (alert_id) where alert_id is not null;

create table station_source (
  id           uuid        not null constraint station_source_pkey primary key,
  jurisdiction text        not null,
  parties      uuid[]      not null,
  paused       boolean     not null,
  added_at     timestamptz not null,
  state        jsonb       not null
);

-- Readings are no events: hundreds come in a second, and each proves itself by its key. Weeks are partitions, so that what
-- is older than is kept goes at once. `possible` false: beyond what the sensor can measure; kept, shown, and moving nothing.
create table reading (
  station_id uuid             not null,
  indicator  text             not null,
  at         timestamptz      not null,
  value      double precision not null,
  possible   boolean          not null,
  constraint reading_pkey primary key (station_id, indicator, at)
) partition by range (at);

-- One row for each indicator of each station: the newest reading, and what has not been looked at yet (`since`, the oldest of it).
create table series (
  station_id   uuid             not null,
  indicator    text             not null,
  last_at      timestamptz,
  last_value   double precision,
  heard_at     timestamptz      not null,
  odd_at       timestamptz,
  odd_value    double precision,
  since        timestamptz,
  touched      bigint           not null,
  evaluated_to timestamptz,
  constraint series_pkey primary key (station_id, indicator)
) with (fillfactor = 50);
create index series_due on series (since) where since is not null;

-- How a source does; nothing of it is worth an event.
create table source_health (
  source_id       uuid        not null constraint source_health_pkey primary key,
  next_at         timestamptz not null,
  tried_at        timestamptz,
  succeeded_at    timestamptz,
  failures        integer     not null,
  error           text,
  error_detail    text,
  kept            bigint      not null,   -- readings taken in since it was added
  bad_rows        jsonb       not null,   -- of the last answer, at most 20
  etag            text,
  modified        text,
  cursors         jsonb       not null    -- of a SensorThings service: the newest time by Datastream
) with (fillfactor = 50);

alter table station enable row level security;
alter table proposal enable row level security;
alter table station_source enable row level security;
alter table reading enable row level security;
alter table series enable row level security;
alter table source_health enable row level security;

create policy station_seen on station for select to muster_reader using (reader_sees(jurisdiction, parties));
-- A gauge upstream warns those below: they see what it proposes, and the station that says so.
create policy proposal_seen on proposal for select to muster_reader using (
  reader_sees(jurisdiction, parties) or exists (select from unnest(divisions) as d where reader_sees(d, parties)));
create policy station_source_seen on station_source for select to muster_reader using (reader_sees(jurisdiction, parties));
create policy station_proposes on station for select to muster_reader using (
  exists (select from proposal p where p.station_id = station.id));
create policy reading_seen on reading for select to muster_reader using (station_id in (select s.id from station s));
create policy series_seen on series for select to muster_reader using (station_id in (select s.id from station s));
create policy source_health_seen on source_health for select to muster_reader using (source_id in (select s.id from station_source s));

-- The same for what the log says of them; thresholds are law and seen by all.
create policy event_station_seen on event as restrictive for select to muster_reader using (
  case when stream like 'station/%' then substr(stream, 9)::uuid in (select s.id from station s)
       when stream like 'proposal/%' then substr(stream, 10)::uuid in (select p.id from proposal p)
       when stream like 'station-source/%' then substr(stream, 16)::uuid in (select s.id from station_source s)
       else true end);

grant select on station, threshold, proposal, station_source, reading, series, source_health to muster_reader;
