package dev.troupe.gateway.server;

/** Small WASI programs for tests. */
final class Programs {
  private static final String WASI =
      """
        (import "wasi_snapshot_preview1" "fd_read"
          (func $fd_read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_sizes_get"
          (func $args_sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_get"
          (func $environ_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_sizes_get"
          (func $environ_sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get"
          (func $clock (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (memory (export "memory") 16)
        (func $put (param $fd i32) (param $at i32) (param $n i32) (result i32)
          (i32.store (i32.const 0) (local.get $at))
          (i32.store (i32.const 4) (local.get $n))
          (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
        (func $get (param $fd i32) (param $at i32) (param $n i32) (result i32)
          (i32.store (i32.const 0) (local.get $at))
          (i32.store (i32.const 4) (local.get $n))
          (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
          (i32.load (i32.const 8)))
      """;

  /** Its arguments and its environment, as they lie in memory. */
  static final String WORLD =
      program(
          """
          (func (export "_start")
            (drop (call $args_sizes (i32.const 16) (i32.const 20)))
            (drop (call $args_get (i32.const 262144) (i32.const 524288)))
            (drop (call $put (i32.const 1) (i32.const 524288) (i32.load (i32.const 20))))
            (drop (call $environ_sizes (i32.const 16) (i32.const 20)))
            (drop (call $environ_get (i32.const 262144) (i32.const 524288)))
            (drop (call $put (i32.const 1) (i32.const 524288) (i32.load (i32.const 20)))))
          """);

  /** Says "oops" and "half" and ends with the status in the first byte of its input. */
  static final String EXIT =
      program(
          """
          (data (i32.const 64) "oopshalf")
          (func (export "_start")
            (drop (call $get (i32.const 0) (i32.const 128) (i32.const 1)))
            (drop (call $put (i32.const 2) (i32.const 64) (i32.const 4)))
            (drop (call $put (i32.const 1) (i32.const 68) (i32.const 4)))
            (call $proc_exit (i32.load8_u (i32.const 128))))
          """);

  /** Writes 4 KiB again and again to the descriptor in the first byte of its input. */
  static final String ENDLESS =
      program(
          """
          (func (export "_start")
            (drop (call $get (i32.const 0) (i32.const 128) (i32.const 1)))
            (loop $l
              (drop (call $put (i32.load8_u (i32.const 128)) (i32.const 4096) (i32.const 4096)))
              (br $l)))
          """);

  /**
   * Makes the file "x" in its scratch directory, unless it is there: "n" or the number of the
   * error. With "f" as its input it fills the file until that fails, and answers with the error;
   * with "o" it opens files until that fails.
   */
  static final String SCRATCH =
      program(
          """
          (data (i32.const 64) "x")
          (func $make (param $flags i32) (result i32)
            (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 1)
              (local.get $flags) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 16)))
          (func (export "_start") (local $e i32)
            (drop (call $get (i32.const 0) (i32.const 128) (i32.const 1)))
            (local.set $e (call $make (i32.const 5)))
            (if (i32.eq (i32.load8_u (i32.const 128)) (i32.const 0x66))
              (then
                (loop $l
                  (local.set $e
                    (call $put (i32.load (i32.const 16)) (i32.const 4096) (i32.const 65536)))
                  (br_if $l (i32.eqz (local.get $e))))))
            (if (i32.eq (i32.load8_u (i32.const 128)) (i32.const 0x6f))
              (then
                (loop $l
                  (local.set $e (call $make (i32.const 0)))
                  (br_if $l (i32.eqz (local.get $e))))))
            (i32.store8 (i32.const 64)
              (select (local.get $e) (i32.const 0x6e) (local.get $e)))
            (drop (call $put (i32.const 1) (i32.const 64) (i32.const 1))))
          """);

  /** A reactor: "hello" is written only after it was initialized; "value" tells how often. */
  static final String REACTOR =
      program(
          """
          (global $n (mut i32) (i32.const 0))
          (data (i32.const 64) "hello")
          (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 1))))
          (func (export "hello")
            (drop (call $put (i32.const 1) (i32.const 64)
              (i32.mul (global.get $n) (i32.const 5)))))
          (func (export "value") (result i32)
            (drop (call $put (i32.const 1) (i32.const 64) (i32.const 5)))
            (global.get $n)))
          """
              .replace("(global.get $n)))", "(global.get $n))"));

  /** The remainder of its clocks, 0 and 1, by a millisecond. */
  static final String CLOCKS =
      program(
          """
          (func (export "_start")
            (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 64)))
            (drop (call $clock (i32.const 1) (i64.const 1) (i32.const 72)))
            (i64.store (i32.const 64)
              (i64.or
                (i64.rem_u (i64.load (i32.const 64)) (i64.const 1000000))
                (i64.rem_u (i64.load (i32.const 72)) (i64.const 1000000))))
            (drop (call $put (i32.const 1) (i32.const 64) (i32.const 8))))
          """);

  /** Sleeps for an hour. */
  static final String SLEEPER =
      program(
          """
          (func (export "_start")
            (i32.store (i32.const 80) (i32.const 1))
            (i64.store (i32.const 88) (i64.const 3600000000000))
            (drop (call $poll (i32.const 64) (i32.const 256) (i32.const 1) (i32.const 512))))
          """);

  /** What it reads it writes, a byte at a time or 4 KiB. */
  static final String CAT =
      program(
          """
          (func (export "_start") (local $n i32)
            (loop $l
              (local.set $n (call $get (i32.const 0) (i32.const 4096) (i32.const 4096)))
              (if (local.get $n)
                (then
                  (call $all (local.get $n))
                  (br $l)))))
          (func $all (param $n i32) (local $at i32)
            (local.set $at (i32.const 4096))
            (loop $l
              (if (call $put (i32.const 1) (local.get $at) (local.get $n))
                (then (call $proc_exit (i32.const 9))))
              (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
              (local.set $n (i32.sub (local.get $n) (i32.load (i32.const 8))))
              (br_if $l (local.get $n))))
          """);

  /** For each byte that it reads it takes a page of memory, and writes the byte. */
  static final String GROWER =
      program(
          """
          (func (export "_start")
            (loop $l
              (if (call $get (i32.const 0) (i32.const 4096) (i32.const 1))
                (then
                  (drop (memory.grow (i32.const 1)))
                  (drop (call $put (i32.const 1) (i32.const 4096) (i32.const 1)))
                  (br $l)))))
          """);

  private Programs() {}

  private static String program(String functions) {
    return "(module\n" + WASI + functions + ")";
  }
}
