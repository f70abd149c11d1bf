;;! stage = ssa
;; What follows an unconditional branch is skipped, nested constructs included.
(module
  (func $f (param i32) (result i32)
    (block
      (br 0)
      (loop (br 0) (if (i32.const 1) (then (drop (i32.const 2))) (else (unreachable)))))
    (return (local.get 0))
    (unreachable)))
;; function 0 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   br block1
;; block1:
;;   return v0
;; }
