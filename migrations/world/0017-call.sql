-- The call list 叫应: what was sent about an obligation, whether or not somebody has it by now.
create index notice_abouts on notice using gin (abouts);
