-- Reports 来报: one row for each, written by the transaction that appended to its stream.
create table intake (
  id               uuid             not null constraint intake_pkey primary key,
  number           text             not null constraint intake_number_key unique,
  status           text             not null,
  verification     text             not null,
  channel          text             not null,
  haste            text             not null,
  hazard           text,
  jurisdiction     text             not null,
  handler          uuid             not null,
  parties          uuid[]           not null,   -- who took it down, who handles it, whom it was passed on by and to
  incident_id      uuid             constraint intake_incident_fkey references incident deferrable initially deferred,
  merged_into      uuid             constraint intake_merged_into_fkey references intake deferrable initially deferred,
  unhandled        boolean          not null,
  awaiting         uuid,                        -- whom it was passed on to and who has not answered
  proposed         uuid[]           not null,   -- reports that may be about the same thing and that nobody has told apart
  lat              double precision,
  lon              double precision,
  cell             integer,                     -- of the grid of core/intake/duplicate.ts
  original_at      timestamptz      not null,   -- when it was seen
  entered_at       timestamptz      not null,   -- when it was entered
  first_handled_at timestamptz,
  closed_at        timestamptz,
  contact_id       uuid,
  code_hash        text             constraint intake_code_key unique,   -- a keyed hash: whoever has the database cannot guess codes
  media            text[]           not null,
  state            jsonb            not null,
  constraint intake_not_merged_into_itself check (merged_into <> id)
) with (fillfactor = 60);
create index intake_entered on intake (entered_at desc);
create index intake_unhandled on intake (entered_at desc) where unhandled;
create index intake_handler on intake (handler, entered_at desc);
create index intake_awaiting on intake (entered_at desc) where awaiting is not null;
create index intake_proposed on intake (entered_at desc) where proposed <> '{}' and merged_into is null;
create index intake_merged on intake (merged_into) where merged_into is not null;
create index intake_incident on intake (incident_id) where incident_id is not null;
create index intake_parties on intake using gin (parties);
create index intake_media on intake using gin (media);
-- Where duplicates are looked for: near in place, or in the same territory without a point; then near in time.
create index intake_cell on intake (cell, original_at) where cell is not null;
create index intake_placeless on intake (jurisdiction, original_at) where cell is null;
create index intake_territory on intake (jurisdiction, original_at);

-- A report that was merged into another is found at the end of the chain; a chain has an end.
create function intake_merges_straight() returns trigger language plpgsql as $$
declare
  steps integer;
begin
  with recursive up(id, merged_into, steps) as (
    select i.id, i.merged_into, 1 from intake i where i.id = new.id
    union all
    select i.id, i.merged_into, up.steps + 1 from intake i join up on i.id = up.merged_into where up.steps <= 32
  ) select max(up.steps) into steps from up;
  if steps > 32 then
    raise exception 'intake circle' using errcode = 'check_violation', constraint = 'intake_no_circle';
  end if;
  return null;
end $$;
create constraint trigger intake_merges_straight after insert or update of merged_into on intake
  deferrable initially deferred for each row when (new.merged_into is not null) execute function intake_merges_straight();

-- How to call back: personal data, apart from the log, each under a key of its own. Without its key a row says nothing;
-- the key itself is sealed with one that is not in the database. The reader's part of the server has no right to it.
create table intake_contact (
  id        uuid        not null constraint intake_contact_pkey primary key,
  report_id uuid        not null,
  sealed    bytea       not null,   -- AES-256-GCM: 12 bytes of nonce, 16 of tag, the words
  key       bytea       not null,   -- likewise
  made_at   timestamptz not null
);
create index intake_contact_made on intake_contact (made_at);

-- Pictures that came with reports, without what cameras write into them, by the hash of what is kept.
create table intake_medium (
  hash    text        not null constraint intake_medium_pkey primary key,   -- SHA-256
  kind    text        not null,
  content bytea       not null,
  made_at timestamptz not null
);
create index intake_medium_made on intake_medium (made_at);

-- Whether the reader keeps a desk to which reports of its territory come (core/authority.ts, DESKS).
create function reader_keeps_desk() returns boolean language sql stable as $$
  select exists (select 1 from organization o where o.id = reader_organization()
                 and o.functions && array['emergency-management', 'fire-rescue', 'public-security', 'government'])
$$;

alter table intake enable row level security;
create policy intake_seen on intake for select to muster_reader using (
  parties @> array[reader_organization()]
  or ((select reader_keeps_desk()) and reader_jurisdiction() is not null and covers(reader_jurisdiction(), jurisdiction))
  or (select reader_observes()));

-- The same for what the log says of a report: on top of the policy of the log, never instead of it.
create policy event_intake_seen on event as restrictive for select to muster_reader using (
  case when stream not like 'intake/%' or (select reader_observes()) then true
       else exists (select 1 from intake i where i.id = substr(stream, 8)::uuid) end);

grant select on intake to muster_reader;
