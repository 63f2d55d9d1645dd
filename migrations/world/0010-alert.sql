-- Warnings 预警: one row a CAP message, drawn up here or received, and the bytes of every message as sent or received.
create table alert (
  id             uuid        not null constraint alert_pkey primary key,
  chain_id       uuid,                    -- the first message of its chain; null: not issued yet
  identifier     text,
  sender         text,
  sent           timestamptz,
  sha256         text,                    -- of its bytes, see alert_message
  status         text        not null,
  cap_status     text        not null,
  msg_type       text        not null,
  scope          text        not null,
  colour         text,
  hazard         text,
  jurisdiction   text        not null,
  jurisdictions  text[]      not null,    -- what lies under it
  incident_id    uuid,                    -- its folder, opened by the linkage when there is none
  owner          uuid,                    -- null: received from elsewhere
  parties        uuid[]      not null,    -- owner, approver, receiver, addressees; where it is restricted, who answers for sites under it
  source         text,                    -- feed, push, file; null: drawn up here
  drawing        boolean     not null,    -- draft, submitted, discarded: nobody was warned
  onset          timestamptz,
  expires        timestamptz,
  drafted_at     timestamptz not null,
  issued_at      timestamptz,
  ended_at       timestamptz,
  -- The order of lists: what was issued, by when it was; what is drawn up, by when that began.
  at             timestamptz not null,
  refers_to      text[]      not null,    -- identifiers of the earlier messages that it names: an earlier one may come later
  state          jsonb       not null,
  constraint alert_identity_key unique (sender, identifier, sent)
) with (fillfactor = 60);
create index alert_identifier on alert (identifier) where identifier is not null;
create index alert_chain on alert (chain_id, sent) where chain_id is not null;
create index alert_in_force on alert (at desc, id desc) where status in ('in-force', 'shown');
create index alert_drawing on alert (at desc, id desc) where status in ('draft', 'submitted');
create index alert_recent on alert (at desc, id desc);
create index alert_owner on alert (owner, at desc) where owner is not null;
create index alert_incident on alert (incident_id) where incident_id is not null;
create index alert_jurisdictions on alert using gin (jurisdictions) where status in ('in-force', 'shown');
create index alert_refers_to on alert using gin (refers_to) where refers_to <> '{}';
create index alert_bytes on alert (sha256) where sha256 is not null;

-- Content-addressed and never deleted: the log names the bytes by their hash, this is where they are. Not a read model.
create table alert_message (
  sha256      text        not null constraint alert_message_pkey primary key,
  bytes       bytea       not null,
  received_at timestamptz not null
);

-- Whoever approves for the place: the governments that answer for it.
create function reader_governs(code text) returns boolean language sql stable as $$
  select reader_jurisdiction() is not null and covers(reader_jurisdiction(), code)
     and exists (select 1 from organization o where o.id = reader_organization() and 'government' = any(o.functions))
$$;

alter table alert enable row level security;
alter table alert_message enable row level security;

-- Public ones are everyone's. What is being drawn up is the owner's and theirs who may approve it. CAP 1.2, 3.2.1: Restricted goes to
-- whoever has to act on it, Private to whom it is addressed.
create policy alert_seen on alert for select to muster_reader using (
  reader_organization() is not null and (
    (scope = 'Public' and not drawing)
    or parties @> array[reader_organization()]
    or owner = any((select reader_subordinates())::uuid[])
    or (drawing and reader_governs(jurisdiction))
    or (scope = 'Restricted' and not drawing and incident_id is not null
        and exists (select 1 from obligation o where o.incident_id = alert.incident_id and o.parties @> array[reader_organization()]))
    or (select reader_observes())));
create policy alert_message_seen on alert_message for select to muster_reader using (
  exists (select 1 from alert a where a.sha256 = alert_message.sha256));

-- The same for what the log says of them: on top of the policy of the log, never instead of it.
create policy event_alert_seen on event as restrictive for select to muster_reader using (
  case when stream like 'alert/%' then exists (select 1 from alert a where a.id = substr(stream, 7)::uuid) else true end);

grant select on alert, alert_message to muster_reader;
