-- How posts are reached and what they ask to be told; what was sent to whom, and whether it got there.
alter table post add column contacts jsonb not null default '[]';
alter table post add column liaison boolean not null default false;
alter table post add column hours jsonb not null default '{"zone": "Asia/Shanghai", "language": "zh-CN", "quiet": {"from": "22:00", "until": "07:00"}}';
alter table post add column subscriptions jsonb not null default '[]';
alter table post add constraint post_organization_key unique (id, organization_id);

create table notice (
  id              uuid        not null constraint notice_pkey primary key,
  to_post         uuid        not null,
  to_organization uuid        not null,
  purpose         text        not null,
  urgency         text        not null,
  status          text        not null,
  -- The sender has something to do.
  ready           boolean     not null,
  untold          boolean     not null,
  incident_id     uuid        constraint notice_incident_fkey references incident deferrable initially deferred,
  abouts          text[]      not null,   -- streams of the things that it is about
  sent_references text[]      not null,   -- what gateways called it
  queued_at       timestamptz not null,
  ready_at        timestamptz,
  reached_at      timestamptz,
  state           jsonb       not null,
  constraint notice_post_fkey foreign key (to_post, to_organization) references post (id, organization_id) deferrable initially deferred
) with (fillfactor = 50);
create index notice_ready on notice (queued_at) where ready;
create index notice_organization on notice (to_organization, queued_at desc);
create index notice_untold on notice using gin (abouts) where untold;
create index notice_references on notice using gin (sent_references);
create index notice_tests on notice (to_post, queued_at desc) where purpose = 'test';

-- Whoever was told, and who stands above: a notice is seen by its organization and by those whose territory holds that organization.
alter table notice enable row level security;
create policy notice_seen on notice for select to muster_reader using (
  reader_organization() is not null
  and (to_organization = reader_organization()
       or (reader_jurisdiction() is not null
           and exists (select from organization o where o.id = to_organization and o.jurisdiction is not null and covers(reader_jurisdiction(), o.jurisdiction)))));
grant select on notice to muster_reader;

-- What a post was told, and where it is reached, is nobody else's business, though it belongs to no incident.
create policy event_notice_seen on event as restrictive for select to muster_reader using (
  case when stream like 'notice/%' then substr(stream, 8)::uuid in (select n.id from notice n)
       when stream like 'post/%' then exists (select from post p where p.id = substr(stream, 6)::uuid and p.organization_id = reader_organization())
       else true end);
