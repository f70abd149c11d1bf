;; The product of two matrices as a plain compiler writes it: every index is computed from the
;; counters, and the size is not known. Result: the sum of all elements of the product, as often as
;; it is asked for.
(module
  (memory 4)
  (global $size (mut i32) (i32.const 64))
  (func $cell (param $matrix i32) (param $row i32) (param $column i32) (result i32)
    (i32.add (local.get $matrix)
      (i32.shl
        (i32.add (i32.mul (local.get $row) (global.get $size)) (local.get $column))
        (i32.const 2))))
  (func $fill (local $i i32) (local $j i32)
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (i32.store (call $cell (i32.const 1024) (local.get $i) (local.get $j))
          (i32.xor (local.get $i) (local.get $j)))
        (i32.store (call $cell (i32.const 65536) (local.get $i) (local.get $j))
          (i32.and (local.get $i) (local.get $j)))
        (br_if $columns
          (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (global.get $size))))
      (br_if $rows
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (global.get $size)))))
  (func (export "run") (param $rounds i32) (result i32)
    (local $i i32) (local $j i32) (local $k i32) (local $sum i32) (local $n i32)
    (call $fill)
    (local.set $n (global.get $size))
    (loop $again
      (local.set $i (i32.const 0))
      (loop $rows
        (local.set $j (i32.const 0))
        (loop $columns
          (local.set $k (i32.const 0))
          (loop $terms
            (local.set $sum
              (i32.add (local.get $sum)
                (i32.mul
                  (i32.load (call $cell (i32.const 1024) (local.get $i) (local.get $k)))
                  (i32.load (call $cell (i32.const 65536) (local.get $k) (local.get $j))))))
            (br_if $terms
              (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
          (br_if $columns
            (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
        (br_if $rows
          (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum)))
