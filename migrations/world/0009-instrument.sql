-- Signatures, approvals, withdrawals, warnings and the version that stands while the newest awaits them; null in rows from before.
alter table instrument add column life jsonb;
