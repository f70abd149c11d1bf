;; A tenant that takes memory until it is refused, and touches every page of it.
(module
  (memory (export "memory") 1)
  (func (export "hog") (result i32)
    (local $page i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 16)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then (return (memory.size))))
      (i32.store (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
      (br $more))
    (unreachable)))
