-- One warning in several files, one a language: the hash of all that each says in no language (core/alert/twin.ts).
alter table alert add column twin text;
create index alert_twin on alert (twin) where twin is not null;
