;; A tenant that never returns: what preemption, weights and deadlines are for.
(module
  (func (export "spin") (result i32)
    (loop $forever (br $forever))
    (unreachable)))
