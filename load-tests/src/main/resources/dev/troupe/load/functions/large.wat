;; A small question, a large answer: what a slow reader needs.
(module
  (memory (export "memory") 33)
  (func (export "troupe_alloc") (param i32) (result i32) (i32.const 0x200000))
  (func (export "handle") (param i32) (param i32) (result i64)
    (memory.fill (i32.const 0) (i32.const 97) (i32.const 0x100000))
    (i64.const 0x100000)))
