;;! stage = opt
(module
  ;; Both halves from four products of halves, as LLVM leaves it of __multi3.
  (func $carries (param i64 i64) (result i64 i64) (local $s i64) (local $p i64) (local $low i64)
    (local.set $p (i64.mul (i64.shr_u (local.get 0) (i64.const 32))
      (i64.and (local.get 1) (i64.const 0xffffffff))))
    (local.set $s (i64.add (local.get $p)
      (i64.mul (i64.shr_u (local.get 1) (i64.const 32))
        (i64.and (local.get 0) (i64.const 0xffffffff)))))
    (local.tee $low (i64.add (i64.shl (local.get $s) (i64.const 32))
      (i64.mul (i64.and (local.get 0) (i64.const 0xffffffff))
        (i64.and (local.get 1) (i64.const 0xffffffff)))))
    (i64.add
      (i64.extend_i32_u (i64.lt_u (local.get $low)
        (i64.mul (i64.and (local.get 0) (i64.const 0xffffffff))
          (i64.and (local.get 1) (i64.const 0xffffffff)))))
      (i64.add
        (i64.mul (i64.shr_u (local.get 0) (i64.const 32)) (i64.shr_u (local.get 1) (i64.const 32)))
        (i64.add
          (i64.shr_u (local.get $s) (i64.const 32))
          (i64.shl (i64.extend_i32_u (i64.lt_u (local.get $s) (local.get $p))) (i64.const 32))))))
  ;; Without the carry of the low half it is something else.
  (func $no-carry (param i64 i64) (result i64) (local $s i64) (local $p i64)
    (local.set $p (i64.mul (i64.shr_u (local.get 0) (i64.const 32))
      (i64.and (local.get 1) (i64.const 0xffffffff))))
    (local.set $s (i64.add (local.get $p)
      (i64.mul (i64.shr_u (local.get 1) (i64.const 32))
        (i64.and (local.get 0) (i64.const 0xffffffff)))))
    (i64.add
      (i64.mul (i64.shr_u (local.get 0) (i64.const 32)) (i64.shr_u (local.get 1) (i64.const 32)))
      (i64.add
        (i64.shr_u (local.get $s) (i64.const 32))
        (i64.shl (i64.extend_i32_u (i64.lt_u (local.get $s) (local.get $p))) (i64.const 32))))))
;; function 0 "carries" (i64, i64) -> (i64, i64) {
;; block0(v0: i64, v1: i64):
;;   v42, v43 = mul_wide_u v0, v1
;;   return v42, v43
;; }
;; function 1 "no-carry" (i64, i64) -> (i64) {
;; block0(v0: i64, v1: i64):
;;   v2 = iconst.i64 32
;;   v3 = ushr.i64 v0, v2
;;   v4 = iconst.i64 4294967295
;;   v5 = iand.i64 v1, v4
;;   v6 = imul.i64 v3, v5
;;   v8 = ushr.i64 v1, v2
;;   v10 = iand.i64 v0, v4
;;   v11 = imul.i64 v8, v10
;;   v12 = iadd.i64 v6, v11
;;   v17 = imul.i64 v3, v8
;;   v19 = ushr.i64 v12, v2
;;   v20 = icmp.i64 ult v12, v6
;;   v21 = uextend v20
;;   v23 = shl.i64 v21, v2
;;   v24 = iadd.i64 v19, v23
;;   v25 = iadd.i64 v17, v24
;;   return v25
;; }
