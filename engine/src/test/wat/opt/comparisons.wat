;;! stage = opt
;; Comparisons solved for their variable.
(module
  (func $solved (param i32) (result i32 i32 i32 i32)
    (i32.eq (i32.add (local.get 0) (i32.const 3)) (i32.const 10))
    (i32.ne (i32.sub (i32.const 3) (local.get 0)) (i32.const 10))
    (i32.eq (i32.xor (local.get 0) (i32.const 3)) (i32.const 10))
    (i32.eq (i32.and (local.get 0) (i32.const 8)) (i32.const 8)))
  (func $shifted (param i32) (result i32 i32 i32)
    (i32.eqz (i32.shr_u (local.get 0) (i32.const 4)))
    (i32.ne (i32.shr_u (local.get 0) (i32.const 31)) (i32.const 0))
    (i32.eqz (i32.shl (local.get 0) (i32.const 4))))
  (func $extended (param i32 i32) (result i32 i32 i32)
    (i64.lt_s (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1)))
    (i64.lt_u (i64.extend_i32_s (local.get 0)) (i64.extend_i32_s (local.get 1)))
    (i64.gt_s (i64.extend_i32_s (local.get 0)) (i64.const 0x100000000)))
  (func $selected (param i32) (result i32 i32)
    (i32.eq (select (i32.const 7) (i32.const 9) (local.get 0)) (i32.const 9))
    (i32.lt_s (select (i32.const 7) (i32.const 9) (local.get 0)) (i32.const 10)))
  (func $truth (param i32 i32) (result i32 i64)
    (i32.xor (i32.lt_s (local.get 0) (local.get 1)) (i32.const 1))
    (select (i64.const 0) (i64.const 1) (i32.lt_s (local.get 0) (local.get 1)))))
;; function 0 "solved" (i32) -> (i32, i32, i32, i32) {
;; block0(v0: i32):
;;   v17 = iconst.i32 7
;;   v4 = icmp.i32 eq v0, v17
;;   v18 = iconst.i32 -7
;;   v8 = icmp.i32 ne v0, v18
;;   v19 = iconst.i32 9
;;   v12 = icmp.i32 eq v0, v19
;;   v13 = iconst.i32 8
;;   v14 = iand.i32 v0, v13
;;   v20 = iconst.i32 0
;;   v16 = icmp.i32 ne v14, v20
;;   return v4, v8, v12, v16
;; }
;; function 1 "shifted" (i32) -> (i32, i32, i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 0
;;   v13 = iconst.i32 16
;;   v4 = icmp.i32 ult v0, v13
;;   v8 = icmp.i32 slt v0, v3
;;   v15 = iconst.i32 268435455
;;   v16 = iand.i32 v0, v15
;;   v12 = icmp.i32 eq v16, v3
;;   return v4, v8, v12
;; }
;; function 2 "extended" (i32, i32) -> (i32, i32, i32) {
;; block0(v0: i32, v1: i32):
;;   v4 = icmp.i32 ult v0, v1
;;   v10 = iconst.i32 0
;;   return v4, v4, v10
;; }
;; function 3 "selected" (i32) -> (i32, i32) {
;; block0(v0: i32):
;;   v11 = iconst.i32 0
;;   v5 = icmp.i32 eq v0, v11
;;   v10 = iconst.i32 1
;;   return v5, v10
;; }
;; function 4 "truth" (i32, i32) -> (i32, i64) {
;; block0(v0: i32, v1: i32):
;;   v4 = icmp.i32 sge v0, v1
;;   v8 = uextend v4
;;   return v4, v8
;; }
