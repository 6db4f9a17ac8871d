/** The embedded server's settings: given at every start, so that they hold for folders that an earlier version made. */

/** Arguments for `postgres`, after the folder and the port. */
export function embeddedSettings(): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const settings = {
  // This machine only; no socket file, whose path may have 107 bytes at most.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',

  shared_buffers: '128MB',
  max_connections: '100',
  // An initial pull writes gigabytes at once; with the preset of 1 GB it would checkpoint in the middle of it.
  max_wal_size: '2GB',
  wal_buffers: '32MB',
  checkpoint_timeout: '15min',
  // A killed program's statement ends within a second, and its locks with it.
  client_connection_check_interval: '1s',
  // The same answers on a laptop in Lisbon and on a server: nobody may lean on the machine's own zone.
  timezone: 'UTC',
  log_timezone: 'UTC',

  // Personal data must not reach the log. Messages of level ERROR quote values ("invalid input syntax for type date:
  // …"), so they stay out altogether (the program is told them anyway); "log" lets LOG, FATAL and PANIC through.
  log_min_messages: 'log',
  // Drops DETAIL and CONTEXT lines: a failed COPY's row, or the statement that a crashed process was running.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: 'off',

  // The log is only cut at a start; routine messages would fill it under a program that runs for a year.
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
}
