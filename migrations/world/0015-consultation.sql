-- Consultations 会商: one row each, written by the transaction that appended to its stream.
create table consultation (
  id           uuid        not null constraint consultation_pkey primary key,
  incident_id  uuid        constraint consultation_incident_fkey references incident deferrable initially deferred,
  alert_id     uuid,
  jurisdiction text        not null,
  parties      uuid[]      not null,   -- the convener and everyone asked
  convener     uuid        not null,
  status       text        not null constraint consultation_status_known check (status in ('planned', 'under-way', 'concluded', 'cancelled')),
  title        text        not null,
  hazard       text        not null,
  colour       text,                   -- considered; null: the question is open
  how          text        not null,
  starts_at    timestamptz not null,
  onset        timestamptz,            -- when what is expected would begin, as it was said
  asked        integer     not null,
  took_part    integer     not null,
  convened_at  timestamptz not null,
  held_at      timestamptz,
  concluded_at timestamptz,
  ended_at     timestamptz,
  outcome      text,
  concluded    text,                   -- the colour that was concluded
  state        jsonb       not null
) with (fillfactor = 70);
create index consultation_open on consultation (starts_at) where ended_at is null;
create index consultation_ended on consultation (ended_at desc) where ended_at is not null;
create index consultation_incident on consultation (incident_id) where incident_id is not null;
create index consultation_alert on consultation (alert_id) where alert_id is not null;
create index consultation_about on consultation (hazard, starts_at desc);
create index consultation_parties on consultation using gin (parties);

-- The warnings that the held share is counted over.
create index incident_warned on incident (reported_at desc) where state -> 'warnings' <> '[]'::jsonb;

alter table consultation enable row level security;

-- Who sees what was said. While it is prepared and held: the convener, whoever is asked, who stands above the convener, and the
-- organizations of the territories above (they answer for it and may have to warn in its stead). An assessment that nobody has
-- weighed yet is no warning, and an organization speaks more freely where it is not read by everybody: the others of the territory
-- see that there is a consultation (consultation_known) and read it once it is concluded. One that was cancelled stays closed.
create policy consultation_seen on consultation for select to muster_reader using (
  reader_organization() is not null and (
    parties @> array[reader_organization()]
    or convener = any((select reader_subordinates())::uuid[])
    or (reader_jurisdiction() is not null and reader_jurisdiction() <> jurisdiction and covers(reader_jurisdiction(), jurisdiction))
    or (status = 'concluded' and reader_sees(jurisdiction, parties))
    or (select reader_observes())));

-- That it is held, for everyone of the territory: when, by whom, about what, how it ended; no answers, views or minutes.
create view consultation_known with (security_barrier) as
  select id, incident_id, alert_id, jurisdiction, convener, status, title, hazard, colour, how, starts_at, onset, asked, took_part,
         convened_at, held_at, concluded_at, ended_at, outcome, concluded
  from consultation
  where reader_sees(jurisdiction, parties) or convener = any((select reader_subordinates())::uuid[]) or reader_observes();

-- The same for what the log says of them: on top of the policy of the log, never instead of it.
create policy event_consultation_seen on event as restrictive for select to muster_reader using (
  case when stream like 'consultation/%' then exists (select 1 from consultation c where c.id = substr(stream, 14)::uuid) else true end);

grant select on consultation, consultation_known to muster_reader;
