;; A JSON transform: drops white space between tokens and replaces every string that is the value of
;; a key "password" by "***". The payload must be a JSON text; strings are copied as they stand.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\22password\22")
  (data (i32.const 16) "\22***\22")

  ;; Guest ABI: where the caller may write the payload; room for the result follows. Every call starts afresh, so the place is fixed.
  (func (export "troupe_alloc") (param $length i32) (result i32)
    (local $missing i32)
    (local.set $missing
      (i32.sub
        (i32.shr_u
          (i32.add (i32.add (i32.const 4352) (i32.mul (local.get $length) (i32.const 3))) (i32.const 65535))
          (i32.const 16))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1))
          (then (unreachable)))))
    (i32.const 4096))

  ;; The end of the string that begins with the quote at $i: behind its closing quote.
  (func $string_end (param $i i32) (param $end i32) (result i32)
    (local $c i32)
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.ge_u (local.get $i) (local.get $end)) (then (unreachable)))
      (local.set $c (i32.load8_u (local.get $i)))
      (if (i32.eq (local.get $c) (i32.const 0x5c))
        (then
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)))
      (br_if $next (i32.ne (local.get $c) (i32.const 0x22))))
    (i32.add (local.get $i) (i32.const 1)))

  (func $is_password (param $i i32) (param $length i32) (result i32)
    (if (i32.ne (local.get $length) (i32.const 10)) (then (return (i32.const 0))))
    (i32.and
      (i64.eq (i64.load (local.get $i)) (i64.load (i32.const 0)))
      (i32.eq (i32.load16_u offset=8 (local.get $i)) (i32.load16_u (i32.const 8)))))

  (func (export "handle") (param $p i32) (param $length i32) (result i64)
    (local $i i32) (local $end i32) (local $o i32) (local $start i32) (local $c i32)
    (local $next i32) (local $value i32) (local $secret i32)
    (local.set $i (local.get $p))
    (local.set $end (i32.add (local.get $p) (local.get $length)))
    (local.set $start (i32.add (local.get $end) (i32.const 64)))
    (local.set $o (local.get $start))
    (block $done
      (loop $tokens
        (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
        (local.set $c (i32.load8_u (local.get $i)))
        (if (i32.eq (local.get $c) (i32.const 0x22))
          (then
            (local.set $next (call $string_end (local.get $i) (local.get $end)))
            (if (i32.and (local.get $value) (local.get $secret))
              (then
                (memory.copy (local.get $o) (i32.const 16) (i32.const 5))
                (local.set $o (i32.add (local.get $o) (i32.const 5))))
              (else
                (memory.copy
                  (local.get $o)
                  (local.get $i)
                  (i32.sub (local.get $next) (local.get $i)))
                (local.set $o
                  (i32.add (local.get $o) (i32.sub (local.get $next) (local.get $i))))))
            (local.set $secret
              (i32.and
                (i32.eqz (local.get $value))
                (call $is_password (local.get $i) (i32.sub (local.get $next) (local.get $i)))))
            (local.set $value (i32.const 0))
            (local.set $i (local.get $next))
            (br $tokens)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        ;; Space, tab, line feed and carriage return stand between tokens only.
        (br_if $tokens (i32.eq (local.get $c) (i32.const 0x20)))
        (br_if $tokens (i32.eq (local.get $c) (i32.const 0x09)))
        (br_if $tokens (i32.eq (local.get $c) (i32.const 0x0a)))
        (br_if $tokens (i32.eq (local.get $c) (i32.const 0x0d)))
        (local.set $value (i32.eq (local.get $c) (i32.const 0x3a)))
        (if (i32.eqz (local.get $value)) (then (local.set $secret (i32.const 0))))
        (i32.store8 (local.get $o) (local.get $c))
        (local.set $o (i32.add (local.get $o) (i32.const 1)))
        (br $tokens)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $start)) (i64.const 32))
      (i64.extend_i32_u (i32.sub (local.get $o) (local.get $start))))))
