;; Fields of 5000 records of twelve bytes, addressed by the record's number, as often as it is asked
;; for. Result: the sum of the fields.
(module
  (memory 2)
  (func (export "run") (param $rounds i32) (result i32)
    (local $i i32) (local $sum i32)
    (loop $again
      (local.set $i (i32.const 0))
      (loop $records
        (i32.store offset=1024 (i32.mul (local.get $i) (i32.const 12)) (local.get $i))
        (if (i32.load8_u offset=1032 (i32.mul (local.get $i) (i32.const 12)))
          (then (local.set $sum (i32.const 0))))
        (local.set $sum
          (i32.add (local.get $sum)
            (i32.load8_u offset=1024 (i32.mul (local.get $i) (i32.const 12)))))
        (br_if $records
          (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000))))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum)))
