;; A function that throws, called from one that catches: one frame is left by each of the exceptions.
;; The table keeps the callee from being inlined.
(module
  (tag $t (param i32))
  (type $thrower (func (param i32)))
  (table 1 1 funcref)
  (elem (i32.const 0) func $throw)
  (func $throw (type $thrower) (throw $t (local.get 0)))
  (func (export "run") (param $rounds i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum
        (i32.add (local.get $sum)
          (block $caught (result i32)
            (try_table (catch $t $caught)
              (call_indirect (type $thrower) (local.get $rounds) (i32.const 0)))
            (i32.const 0))))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum))
)
