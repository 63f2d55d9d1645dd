-- Standing coordination bodies and joint decisions; and what an incident's state did not know before: several headquarters,
-- who is on the scene, the lead being handed over, the emergency path.
create table headquarters (
  id           uuid        not null constraint headquarters_pkey primary key,
  name         jsonb       not null,
  kind         text        not null,
  status       text        not null,
  jurisdiction text        not null,
  parties      uuid[]      not null,
  lead         uuid        not null,
  incident_id  uuid        constraint headquarters_incident_fkey references incident deferrable initially deferred,
  founded_at   timestamptz not null,
  formed_at    timestamptz,
  state        jsonb       not null
);
create index headquarters_parties on headquarters using gin (parties);

create table decision (
  id              uuid        not null constraint decision_pkey primary key,
  incident_id     uuid        constraint decision_incident_fkey references incident deferrable initially deferred,
  headquarters_id uuid,
  jurisdiction    text        not null,
  parties         uuid[]      not null,
  status          text        not null,
  path            text        not null,
  lead            uuid        not null,
  title           text        not null,
  proposed_at     timestamptz not null,
  ended_at        timestamptz,
  state           jsonb       not null
);
create index decision_incident on decision (incident_id);
create index decision_headquarters on decision (headquarters_id) where headquarters_id is not null;

alter table headquarters enable row level security;
alter table decision enable row level security;
create policy headquarters_seen on headquarters for select to muster_reader using (reader_sees(jurisdiction, parties));
create policy decision_seen on decision for select to muster_reader using (reader_sees(jurisdiction, parties));
grant select on headquarters, decision to muster_reader;

update incident set state =
  '{"otherHeadquarters": [], "lead": null, "handOver": null, "onScene": [], "emergencyPath": null}'::jsonb || state;
update incident set state = jsonb_set(state, '{headquarters}',
  '{"standing": false, "sectors": [], "organization": null}'::jsonb
  || jsonb_build_object('jurisdiction', jurisdiction, 'id', (
       select e.command_id from event e
       where e.stream = 'incident/' || incident.id and e.type = 'incident.headquarters-activated' order by e.version limit 1))
  || (state -> 'headquarters'))
where jsonb_typeof(state -> 'headquarters') = 'object';

-- What the log says of a body or of a decision is seen by whoever sees it itself: on top of the policy of the log.
create policy event_conduct_seen on event as restrictive for select to muster_reader using (
  case when stream like 'headquarters/%' then substr(stream, 14)::uuid in (select h.id from headquarters h)
       when stream like 'decision/%' then substr(stream, 10)::uuid in (select d.id from decision d)
       else true end);
