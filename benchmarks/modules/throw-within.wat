;; What is thrown is caught in the same function.
(module
  (tag $t (param i32))
  (func (export "run") (param $rounds i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum
        (i32.add (local.get $sum)
          (block $caught (result i32)
            (try_table (result i32) (catch $t $caught)
              (throw $t (local.get $rounds))))))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum))
)
