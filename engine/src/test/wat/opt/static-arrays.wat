;;! stage = opt
;; The bounds of loop counters show which sums of indexes cannot wrap around; their constants become
;; offsets. Where the sum can wrap around it stays.
(module
  (memory 16)
  (func $sum (result f64)
    (local $i i32) (local $j i32) (local $s f64)
    (loop $outer
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $s
          (f64.add (local.get $s)
            (f64.load (i32.add (i32.add (i32.mul (local.get $i) (i32.const 800)) (local.get $j))
              (i32.const 2000)))))
        (local.set $s
          (f64.add (local.get $s)
            (f64.load offset=16
              (i32.add (i32.add (i32.mul (local.get $i) (i32.const 800)) (local.get $j))
                (i32.const -8)))))
        (br_if $inner
          (i32.ne (local.tee $j (i32.add (local.get $j) (i32.const 8))) (i32.const 800))))
      (br_if $outer
        (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
    (local.get $s))
  (func $unknown (param i32) (result i32)
    (i32.add
      (i32.load (i32.add (local.get 0) (i32.const 4)))
      (i32.add
        (i32.load (i32.add (i32.and (local.get 0) (i32.const 0xffff)) (i32.const 4)))
        (i32.load (i32.add (i32.or (local.get 0) (i32.const 64)) (i32.const -8)))))))
;; function 0 "sum" () -> (f64) {
;; block0:
;;   v29 = iconst.i32 0
;;   v28 = fconst.f64 0x0000000000000000
;;   br block1(v29, v28)
;; block1(v22: i32, v23: f64):
;;   v3 = iconst.i32 800
;;   v4 = imul.i32 v22, v3
;;   br block2(v23, v29)
;; block2(v1: f64, v5: i32):
;;   v6 = iadd.i32 v4, v5
;;   v9 = load.f64 v6, memory 0, float64, offset 2000, region memory 0
;;   v10 = fadd.f64 v1, v9
;;   v14 = iconst.i32 -8
;;   v15 = iadd.i32 v6, v14
;;   v16 = load.f64 v15, memory 0, float64, offset 16, region memory 0
;;   v17 = fadd.f64 v10, v16
;;   v18 = iconst.i32 8
;;   v19 = iadd.i32 v5, v18
;;   v21 = icmp.i32 ne v19, v3
;;   br_if v21, block5, block3
;; block5:
;;   br block2(v17, v19)
;; block3:
;;   v24 = iconst.i32 1
;;   v25 = iadd.i32 v22, v24
;;   v26 = iconst.i32 100
;;   v27 = icmp.i32 slt v25, v26
;;   br_if v27, block6, block4
;; block6:
;;   br block1(v25, v17)
;; block4:
;;   return v17
;; }
;; function 1 "unknown" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 4
;;   v2 = iadd.i32 v0, v1
;;   v3 = load.i32 v2, memory 0, int32_u, offset 0, region memory 0
;;   v4 = iconst.i32 65535
;;   v5 = iand.i32 v0, v4
;;   v8 = load.i32 v5, memory 0, int32_u, offset 4, region memory 0
;;   v9 = iconst.i32 64
;;   v10 = ior.i32 v0, v9
;;   v11 = iconst.i32 -8
;;   v12 = iadd.i32 v10, v11
;;   v13 = load.i32 v12, memory 0, int32_u, offset 0, region memory 0
;;   v14 = iadd.i32 v8, v13
;;   v15 = iadd.i32 v3, v14
;;   return v15
;; }
