;;! stage = opt
;; Pairs of shifts, rotates from two shifts, amounts modulo the width.
(module
  (memory 1)
  (func $extend (param i32 i64) (result i32 i32 i64 i64)
    (i32.shr_s (i32.shl (local.get 0) (i32.const 24)) (i32.const 24))
    (i32.shr_u (i32.shl (local.get 0) (i32.const 20)) (i32.const 20))
    (i64.shr_s (i64.shl (local.get 1) (i64.const 32)) (i64.const 32))
    (i64.shr_u (i64.shl (local.get 1) (i64.const 32)) (i64.const 32)))
  (func $align (param i32) (result i32)
    (i32.shl (i32.shr_u (local.get 0) (i32.const 4)) (i32.const 4)))
  (func $sign (param i32) (result i32)
    (i32.div_s (local.get 0) (i32.const 2)))
  (func $rotate (param i32 i32) (result i32 i32 i32)
    (i32.or
      (i32.shl (local.get 0) (i32.const 7))
      (i32.shr_u (local.get 0) (i32.const 25)))
    (i32.or
      (i32.shl (local.get 0) (local.get 1))
      (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1))))
    ;; Twice the value when the amount is zero, so no rotate.
    (i32.add
      (i32.shl (local.get 0) (local.get 1))
      (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1)))))
  (func $amount (param i32 i32) (result i32)
    (i32.shl (local.get 0) (i32.and (local.get 1) (i32.const 31))))
  (func $stored (param i32 i32)
    (i32.store8 (local.get 0) (i32.and (local.get 1) (i32.const 255)))
    (i32.store16 (local.get 0) (i32.and (local.get 1) (i32.const 255)))))
;; function 0 "extend" (i32, i64) -> (i32, i32, i64, i64) {
;; block0(v0: i32, v1: i64):
;;   v5 = extend8_s.i32 v0
;;   v18 = iconst.i32 4095
;;   v9 = iand.i32 v0, v18
;;   v13 = extend32_s.i64 v1
;;   v19 = wrap v1
;;   v17 = uextend v19
;;   return v5, v9, v13, v17
;; }
;; function 1 "align" (i32) -> (i32) {
;; block0(v0: i32):
;;   v5 = iconst.i32 -16
;;   v4 = iand.i32 v0, v5
;;   return v4
;; }
;; function 2 "sign" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 31
;;   v6 = ushr.i32 v0, v3
;;   v7 = iadd.i32 v0, v6
;;   v8 = iconst.i32 1
;;   v9 = sshr.i32 v7, v8
;;   return v9
;; }
;; function 3 "rotate" (i32, i32) -> (i32, i32, i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 7
;;   v6 = rotl.i32 v0, v2
;;   v7 = shl.i32 v0, v1
;;   v17 = iconst.i32 0
;;   v18 = isub.i32 v17, v1
;;   v10 = ushr.i32 v0, v18
;;   v11 = rotl.i32 v0, v1
;;   v16 = iadd.i32 v7, v10
;;   return v6, v11, v16
;; }
;; function 4 "amount" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v4 = shl.i32 v0, v1
;;   return v4
;; }
;; function 5 "stored" (i32, i32) -> () {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 255
;;   v3 = iand.i32 v1, v2
;;   store.i32 v0, v1, memory 0, int8_u, offset 0, region memory 0
;;   store.i32 v0, v3, memory 0, int16_u, offset 0, region memory 0
;;   return
;; }
