;;! stage = ssa
(module
  (func $max (param i32 i32) (result i32)
    (if (result i32) (i32.gt_s (local.get 0) (local.get 1))
      (then (local.get 0))
      (else (local.get 1)))))
;; function 0 "max" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = icmp.i32 sgt v0, v1
;;   br_if v2, block1, block2
;; block1:
;;   br block3(v0)
;; block2:
;;   br block3(v1)
;; block3(v3: i32):
;;   return v3
;; }
