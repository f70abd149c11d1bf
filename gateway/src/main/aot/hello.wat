;; The WASI command that the ahead-of-time cache is trained on: what a C program does before and
;; after it prints a line.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")

  (func (export "_start")
    (drop (call $args_sizes (i32.const 64) (i32.const 68)))
    (drop (call $args (i32.const 4096) (i32.const 8192)))
    (drop (call $environ_sizes (i32.const 64) (i32.const 68)))
    (drop (call $environ (i32.const 4096) (i32.const 8192)))
    (drop (call $prestat (i32.const 3) (i32.const 64)))
    (drop (call $fdstat (i32.const 1) (i32.const 64)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
    (call $exit (i32.const 0))))
