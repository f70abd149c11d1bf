;; The bytes ABI in a few lines (docs/GUEST-ABI.md): answers with the payload in capital letters.
;;   ./troupe invoke acme/shout --payload @hello
;; Memory: the payload lies at 65536 and is changed in place.
(module
  (memory (export "memory") 1)

  ;; Makes room for the payload behind the first page and says where.
  (func (export "troupe_alloc") (param $length i32) (result i32)
    (local $pages i32)
    (local.set $pages
      (i32.add (i32.shr_u (local.get $length) (i32.const 16)) (i32.const 2)))
    (if (i32.gt_u (local.get $pages) (memory.size))
      (then
        (if (i32.eq
              (memory.grow (i32.sub (local.get $pages) (memory.size)))
              (i32.const -1))
          (then (unreachable)))))
    (i32.const 65536))

  (func (export "handle") (param $address i32) (param $length i32) (result i64)
    (local $at i32) (local $end i32) (local $byte i32)
    (local.set $at (local.get $address))
    (local.set $end (i32.add (local.get $address) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        ;; a to z: 97 to 122.
        (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
          (then
            (i32.store8 (local.get $at) (i32.sub (local.get $byte) (i32.const 32)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $address)) (i64.const 32))
      (i64.extend_i32_u (local.get $length)))))
