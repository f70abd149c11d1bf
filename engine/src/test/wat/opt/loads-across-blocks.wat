;;! stage = opt
;; What no path writes is still known where paths meet and in loops.
(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (global $h (mut i32) (i32.const 0))
  (func $diamond (param i32) (result i32)
    (local $a i32)
    (local.set $a (global.get $g))
    (if (local.get 0)
      (then (i32.store (local.get 0) (local.get $a)))
      (else (global.set $h (i32.const 1))))
    (i32.add (i32.add (local.get $a) (global.get $g)) (global.get $h)))
  (func $loop (param i32) (result i32)
    (local $a i32)
    (local.set $a (i32.add (global.get $g) (global.get $h)))
    (loop
      (local.set $a (i32.add (local.get $a) (global.get $g)))
      (global.set $h (local.get $a))
      (br_if 0 (i32.lt_s (local.get $a) (local.get 0))))
    (i32.add (global.get $h) (global.get $g))))
