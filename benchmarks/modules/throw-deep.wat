;; Ten frames between what throws and what catches.
(module
  (tag $t (param i32))
  (type $f (func (param i32 i32) (result i32)))
  (table 1 1 funcref)
  (elem (i32.const 0) func $down)
  (func $down (type $f)
    (if (i32.eqz (local.get 1)) (then (throw $t (local.get 0))))
    (i32.add (i32.const 1)
      (call_indirect (type $f)
        (local.get 0) (i32.sub (local.get 1) (i32.const 1)) (i32.const 0))))
  (func (export "run") (param $rounds i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum
        (i32.add (local.get $sum)
          (block $caught (result i32)
            (try_table (result i32) (catch $t $caught)
              (call_indirect (type $f) (local.get $rounds) (i32.const 10) (i32.const 0))))))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum))
)
