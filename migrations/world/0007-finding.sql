-- Findings 督查问题: one row for each missed duty, written by the transaction that appended to its stream.
create table finding (
  id            uuid        not null constraint finding_pkey primary key,
  obligation_id uuid        not null constraint finding_obligation_fkey references obligation deferrable initially deferred,
  incident_id   uuid,
  jurisdiction  text        not null,
  parties       uuid[]      not null,   -- subject, creditor, supervisor, and the superiors that it has climbed to
  subject       uuid        not null,
  creditor      uuid        not null,
  supervisor    uuid        not null,
  kind          text        not null,
  gravity       smallint    not null constraint finding_gravity_level check (gravity between 1 and 4),
  status        text        not null,
  open          boolean     not null,
  missed_at     timestamptz not null,
  raised_at     timestamptz not null,
  due_at        timestamptz not null,   -- by when it is to be closed
  closed_at     timestamptz,
  verified      boolean     not null,   -- by another than its subject
  state         jsonb       not null,
  constraint finding_obligation_kind_key unique (obligation_id, kind)
) with (fillfactor = 60);
create index finding_open on finding (gravity, raised_at desc) where open;
create index finding_recent on finding (raised_at desc);
create index finding_incident on finding (incident_id) where incident_id is not null;
create index finding_parties on finding using gin (parties);

-- What the boards read: the newest obligations, those open past their deadline (obligation_due), who arrived when.
create index obligation_recent on obligation (owed_at desc);
create index event_arrival on event (incident_id, occurred_at) where type = 'incident.noted' and data ->> 'kind' = 'arrive';
create index organization_superior on organization (superior) where superior is not null;

-- Everyone below the reader, at any depth (core/directory/relations.ts, CHAIN_MAX).
create function reader_subordinates() returns uuid[] language sql stable as $$
  with recursive below(id, depth) as (
    select o.id, 1 from organization o where o.superior = reader_organization()
    union
    select o.id, b.depth + 1 from organization o join below b on o.superior = b.id where b.depth < 32)
  select coalesce(array_agg(distinct id), '{}') from below
$$;

-- Whether the reader checks how others did their duty in its territory (core/authority.ts, AUDITS).
create function reader_audits() returns boolean language sql stable as $$
  select exists (select 1 from organization o where o.id = reader_organization() and o.functions && array['audit', 'supervision'])
$$;

-- Who looks into an exercise (server/room.ts, OBSERVER) is no organization and sees it whole.
create function reader_observes() returns boolean language sql stable as
$$ select reader_organization() = '00000000-0000-0000-0000-000000000000' $$;

alter table finding enable row level security;

-- Narrower than an obligation: who is named, who stands above one of them, who audits there; not everyone in the territory.
create policy finding_seen on finding for select to muster_reader using (
  parties @> array[reader_organization()]
  or parties && (select reader_subordinates())
  or ((select reader_audits()) and reader_jurisdiction() is not null and covers(reader_jurisdiction(), jurisdiction))
  or (select reader_observes()));

-- The same for what the log says of a finding: on top of the policy of the log, never instead of it.
create policy event_finding_seen on event as restrictive for select to muster_reader using (
  case when stream not like 'finding/%' or (select reader_observes()) then true
       else exists (select 1 from finding f where f.id = substr(stream, 9)::uuid) end);

grant select on finding to muster_reader;
