;; What the ahead-of-time caches are trained on: a bit of everything that a start needs.
(module
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 0) $fib $twice)
  (type $unary (func (param i32) (result i32)))
  (global $calls (mut i32) (i32.const 0))
  (data (i32.const 0) "train")

  (func $twice (param $x i32) (result i32)
    (i32.shl (local.get $x) (i32.const 1)))

  (func $fib (param $n i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2)))))))

  (func $mean (param $a f64) (param $b f64) (result f64)
    (f64.div (f64.add (local.get $a) (local.get $b)) (f64.const 2)))

  (func (export "_start") (result i32)
    (i32.store (i32.const 16) (call $fib (i32.const 10)))
    (drop (call $mean (f64.const 1) (f64.const 2)))
    (i32.add
      (call_indirect (type $unary) (i32.load (i32.const 16)) (i32.const 1))
      (i32.load8_u (i32.const 0))))

  ;; An echo by the bytes ABI, which the server is trained on.
  (func (export "troupe_alloc") (param $length i32) (result i32) (i32.const 64))
  (func (export "handle") (param $address i32) (param $length i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $address)) (i64.const 32))
      (i64.extend_i32_u (local.get $length)))))
