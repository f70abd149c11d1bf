;; Binary trees of the collected heap, as in the Computer Language Benchmarks Game: one tree lives
;; all the time, many live shortly. The result is the number of nodes that were counted.
(module
  (type $node (struct (field $left (ref null $node)) (field $right (ref null $node))))

  (func $build (param $depth i32) (result (ref $node))
    (if (i32.eqz (local.get $depth))
      (then (return (struct.new $node (ref.null $node) (ref.null $node)))))
    (struct.new $node
      (call $build (i32.sub (local.get $depth) (i32.const 1)))
      (call $build (i32.sub (local.get $depth) (i32.const 1)))))

  (func $count (param $tree (ref $node)) (result i32)
    (if (ref.is_null (struct.get $node $left (local.get $tree)))
      (then (return (i32.const 1))))
    (i32.add (i32.const 1)
      (i32.add
        (call $count (ref.as_non_null (struct.get $node $left (local.get $tree))))
        (call $count (ref.as_non_null (struct.get $node $right (local.get $tree)))))))

  (func (export "run") (param $most i32) (result i32)
    (local $depth i32) (local $rounds i32) (local $sum i32) (local $long (ref null $node))
    (local.set $long (call $build (local.get $most)))
    (local.set $depth (i32.const 4))
    (loop $depths
      (local.set $rounds
        (i32.shl (i32.const 1)
          (i32.add (i32.sub (local.get $most) (local.get $depth)) (i32.const 4))))
      (loop $again
        (local.set $sum
          (i32.add (local.get $sum) (call $count (call $build (local.get $depth)))))
        (br_if $again
          (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      (local.set $depth (i32.add (local.get $depth) (i32.const 2)))
      (br_if $depths (i32.le_s (local.get $depth) (local.get $most))))
    (i32.add (local.get $sum) (call $count (ref.as_non_null (local.get $long)))))
)
