;; A WASI command: its standard input, in capital letters, is its standard output. Deployed, the
;; payload of a call is its input and the answer its output:
;;
;;   ./troupe deploy acme/upper examples/upper.wat
;;   ./troupe invoke acme/upper --payload @hello
;;
;; It runs from the command line as well: echo hello | ./troupe run examples/upper.wat
(module
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; 0: one vector {address, length}; 8: bytes done; 16: the buffer, 16 KiB
  (memory (export "memory") 1)

  (func (export "_start")
    (local $length i32)
    (loop $next
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (i32.const 16384))
      (call $check (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set $length (i32.load (i32.const 8)))
      (if (local.get $length)
        (then
          (call $raise (local.get $length))
          (call $write (local.get $length))
          (br $next)))))

  ;; a-z to A-Z
  (func $raise (param $length i32)
    (local $at i32) (local $byte i32)
    (local.set $at (i32.const 16))
    (loop $next
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $at) (i32.sub (local.get $byte) (i32.const 32)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.add (local.get $length) (i32.const 16))))))

  ;; All of it, however much is taken at a time.
  (func $write (param $length i32)
    (local $at i32)
    (local.set $at (i32.const 16))
    (loop $next
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (call $check (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 8))))
      (br_if $next (local.get $length))))

  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (i32.const 1))))))
