-- Obligations that are ordered, asked for, handed on and negotiated; some belong to ordinary times and to no incident.
alter table obligation alter column incident_id drop not null;
alter table obligation
  add column origin       text        not null default 'clause',
  add column based        boolean     not null default true,
  add column lapsed       boolean,
  add column accepted_at  timestamptz,
  add column answer_by    timestamptz,
  add column confirmed_at timestamptz,
  add column objective_id uuid,
  add column parent_id    uuid,
  add constraint obligation_not_its_own_part check (parent_id <> id);

-- What was kept before these columns were there.
update obligation set lapsed = lapsed_at is not null;
update obligation set open = false where status = 'declined' and lapsed_at is null;
alter table obligation alter column lapsed set default false, alter column lapsed set not null;

-- Boards: what is late now, by pair; what is owed to us; the parts of one; what stands for an objective.
create index obligation_pair on obligation (debtor, creditor);
create index obligation_creditor_open on obligation (creditor, due_at) where open;
create index obligation_late_open on obligation (lapsed_at) where open and lapsed_at is not null;
create index obligation_parent on obligation (parent_id) where parent_id is not null;
create index obligation_objective on obligation (objective_id) where objective_id is not null;

-- What belongs to no incident is seen by whoever sees the obligation itself.
drop policy event_seen on event;
create policy event_seen on event for select to muster_reader using (
  reader_organization() is not null
  and case when incident_id is not null then incident_id in (select i.id from incident i)
           when stream like 'obligation/%' then substr(stream, 12)::uuid in (select o.id from obligation o)
           else true end);
