;; Waits in the host, with a page of memory that it has written to and a stack in use.
(module
  (import "troupe" "sleep" (func $sleep (param i64)))
  (memory (export "memory") 1)
  (func (export "park") (param $nanos i64) (result i64)
    (i64.store (i32.const 128) (local.get $nanos))
    (call $sleep (local.get $nanos))
    (i64.load (i32.const 128))))
