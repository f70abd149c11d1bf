;; Uses the processor for so many rounds; `{{variant}}` makes modules that differ.
(module
  (func (export "burn") (param $rounds i64) (result i64)
    (local $x i64)
    (local.set $x (i64.const 0x9e3779b97f4a7c15))
    (block $done
      (loop $more
        (br_if $done (i64.eqz (local.get $rounds)))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
        (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
        (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
        (local.set $rounds (i64.sub (local.get $rounds) (i64.const 1)))
        (br $more)))
    (local.get $x))
  (func (export "variant") (result i64) (i64.const {{variant}})))
