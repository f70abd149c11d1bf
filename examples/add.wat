;; The smallest useful function: two numbers in, one out.
;;   ./troupe run examples/add.wat 40 2
(module
  (func (export "add") (param $a i32) (param $b i32) (result i32)
    (i32.add (local.get $a) (local.get $b))))
