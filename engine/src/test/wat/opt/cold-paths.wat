;;! stage = opt
;; Traps go behind everything else.
(module
  (func $f (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (unreachable)))
    (if (i32.eq (local.get 0) (i32.const 1)) (then (return (i32.const 5))))
    (i32.const 6)))
;; function 0 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block2, block1
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = icmp.i32 eq v0, v3
;;   br_if v4, block3, block4
;; block3:
;;   v5 = iconst.i32 5
;;   return v5
;; block4:
;;   v6 = iconst.i32 6
;;   return v6
;; block1 cold:
;;   trap unreachable
;; }
