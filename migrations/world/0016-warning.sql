-- What a warning makes owed: by its chain, its colour and what is asked; about which special site.
alter table obligation
  add column alert_id uuid,
  add column colour   text,
  add column stage    text,
  add column site_id  uuid;

-- Who has not answered under one warning, the late ones first; how long answers took by colour; what is asked of a site.
create index obligation_alert on obligation (alert_id, open desc, due_at, id) where alert_id is not null;
create index obligation_warned on obligation (owed_at) where alert_id is not null;
create index obligation_site on obligation (site_id) where site_id is not null;
