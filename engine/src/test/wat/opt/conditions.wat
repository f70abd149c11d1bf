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
;;   v5 = iconst.i32 1
;;   v7 = iconst.i32 2
;;   v8 = select.i32 v4, v5, v7
;;   return v8
;; }
;; function 1 "constant" (i32) -> (i32) {
;; block0(v0: i32):
;;   return v0
;; }
;; function 2 "threaded" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 1
;;   v7 = select.i32 v0, v2, v1
;;   v4 = iconst.i32 10
;;   v6 = iconst.i32 20
;;   v8 = select.i32 v7, v4, v6
;;   return v8
;; }
