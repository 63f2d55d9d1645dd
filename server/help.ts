/** What `--help` says. One entry a command; `muster` is the whole. */
export const HELP: Readonly<Record<string, string>> = {
  muster: `Muster 联动: who owes what to whom in an emergency, by when, on what basis.

  bin/muster start                          the server, with its database (also: npm start)
  bin/muster replay FILE [--speed N|max]    an emergency's record, replayed against instruments
  bin/muster lint FILE…                     instruments checked like programs
  bin/muster matrix [FILE…]                 who leads, supports, backs up what, read off instruments
  bin/muster cap FILE…                      CAP alerts: verdicts, what they say, what is in force
  bin/muster readings FILE                  readings through thresholds: what would have been proposed when
  bin/muster alert receive FILE… --source S  warnings from files, as if the source had pushed them
  bin/muster export [--incident ID]         the log as JSON Lines, with its signed checkpoint
  bin/muster verify FILE                    an export checked without a server
  bin/muster rebuild                        the read models anew from the log
  bin/muster bench NAME                     a measurement beside its peer
  bin/muster account add NAME               an account; the password is read from standard input

  bin/muster COMMAND --help says more. Exit: 0 fine, 1 findings, 2 wrong use, 3 could not start.
  Environment: PORT, HOST, DATABASE_URL, MUSTER_MODE, MUSTER_VAR, MUSTER_ORIGIN, MUSTER_LOG.`,
  start: `bin/muster start
  Starts the database (the embedded one, or DATABASE_URL), brings the data to this version, serves on HOST:PORT
  (127.0.0.1:8080) until Ctrl-C. MUSTER_MODE=operation asks for passwords; demonstration (default) lets choose a post.`,
  replay: `bin/muster replay FILE [--speed N|max] [--pack FILE…] [--json] [--keep]
  Runs a scenario (schema scenario/1, docs/replay.md) in a world of its own by the scenario's clock: each entry becomes
  commands, deadlines lapse, and the report says what the linkage would have demanded and what came late.
  --speed   seconds of the record in one second; max (default) does not wait
  --pack    instruments to read instead of the project's own: a file or a folder, may be repeated
  --json    the report as JSON (muster/replay/1)
  --keep    keep the exercise's world, to be looked into by the pages
  Exit 2: the file is malformed (the place is named, nothing was applied).`,
  lint: `bin/muster lint FILE… [--on DATE] [--json | --format unix]
  Reads instruments, level scales, vocabularies and a directory (YAML or JSON; a folder means all in it and below it),
  checks them together and names what is wrong with file, line and column, and how to mend it (docs/lint.md).
  --on      the day for which it is checked; left out, today
  --json    the report as JSON (muster/lint/1)
  --format  unix: one line a finding, FILE:LINE:COLUMN: SEVERITY: CODE: words, for editors
  Exit 1: there are findings. One that the file itself answers for (# accepted CODE: reason) is none.`,
  matrix: `bin/muster matrix [FILE…] [--hazard H] [--area CODE] [--on DATE] [--against DATE] [--format text|csv|json] [--lang zh-CN|en]
  The responsibility matrix of instruments (files or folders; left out, the project's own) and the directory among them:
  functions × organizations with lead, support, consult, inform, backup, each on its clause; gaps and overlaps.
  --against  compares with another day, cell by cell, with the clause that changed
  Exit 1: a function has no lead, more than one, or no backup. Exit 2: a file is malformed.`,
  cap: `bin/muster cap FILE… [--json] [--at INSTANT] [--trust PEM] [--profile NAME]
  Reads CAP 1.0, 1.1 and 1.2, alone or inside of Atom, RSS and EDXL-DE, and says of each alert: well-formed, valid by the
  schema, what else is wrong (docs/cap.md), its signatures, what it says, and its state among the files given.
  --json    one JSON object a line for each file (muster/cap/1)
  --at      the instant for which states are said; left out, now
  --trust   certificates and public keys whose signatures are believed
  --profile cn, ipaws or cap-cp (packs/profiles): what each message lacks by it; an error of it is a finding, too
  Exit 1: there are findings.`,
  readings: `bin/muster readings FILE [--thresholds FILE…] [--json]
  Replays a CSV (station,indicator,at,value) or JSON list of readings through threshold sets (docs/stations.md; left out, those
  of packs/thresholds) and prints each crossing with the time at which a warning would have been proposed.
  --thresholds  a set of thresholds (YAML or JSON), may be repeated
  --json        one JSON object (muster/readings/1)
  Exit 1: there are bad rows, which are named. Exit 2: a file cannot be read, or a set is looser than what binds it.`,
  alert: `bin/muster alert receive FILE… --source NAME
  Takes CAP alerts, alone or in Atom, RSS and EDXL-DE, into the log as if the source (its id or name on the page of sources) had
  pushed them: what its terms let take effect does, the rest is shown until somebody adopts it. Each file is taken whole and sound
  or refused with the reason, kept on the source's page; the others go on. The server may be running or not.
  Exit 1: something was refused. Exit 2: there is no such source, or it is paused.`,
  export: `bin/muster export [--incident ID] [--world real|EXERCISE] [-o FILE]
  Writes the log as JSON Lines (docs/export-format.md): whole, or one incident's events each with its inclusion proof.`,
  verify: `bin/muster verify FILE [--key VKEY] [--json]
  Checks an export: every event, the Merkle tree over them, the signature. --key: the verifier key that the node published.
  Exit 1: something was altered, left out or not signed by that key.`,
  rebuild: `bin/muster rebuild [--world real|EXERCISE] [--json]
  Folds the log and writes every read model anew, in one transaction.`,
  bench: `bin/muster bench NAME [--json]
  append, cap, fold, linkage, lint, live, start, target or timers: measures beside its peer in the same run and prints one JSON line (bench/README.md).`,
  account: `printf %s PASSWORD | bin/muster account add NAME
  Makes an account for operation mode. A post of the directory is then given to that name.`,
}
