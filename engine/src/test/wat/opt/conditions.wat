;;! stage = opt
(module
  (func $negated (param i32 i32) (result i32)
    (if (result i32) (i32.eqz (i32.lt_u (local.get 0) (local.get 1)))
      (then (i32.const 1))
      (else (i32.const 2))))
  (func $constant (param i32) (result i32)
    (if (i32.const 0) (then (local.set 0 (i32.const 9))))
    (local.get 0))
  ;; The branch on a known result of the inner if is threaded.
  (func $threaded (param i32 i32) (result i32)
    (if (result i32)
        (if (result i32) (local.get 0) (then (i32.const 1)) (else (local.get 1)))
      (then (i32.const 10))
      (else (i32.const 20)))))
;; function 0 "negated" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v4 = icmp.i32 uge v0, v1
;;   br_if v4, block1, block2
;; block1:
;;   v5 = iconst.i32 1
;;   br block3(v5)
;; block2:
;;   v7 = iconst.i32 2
;;   br block3(v7)
;; block3(v6: i32):
;;   return v6
;; }
;; function 1 "constant" (i32) -> (i32) {
;; block0(v0: i32):
;;   return v0
;; }
;; function 2 "threaded" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v0, block7, block2
;; block7:
;;   br block4
;; block2:
;;   br_if v1, block8, block5
;; block8:
;;   br block4
;; block4:
;;   v4 = iconst.i32 10
;;   br block6(v4)
;; block5:
;;   v6 = iconst.i32 20
;;   br block6(v6)
;; block6(v5: i32):
;;   return v5
;; }
