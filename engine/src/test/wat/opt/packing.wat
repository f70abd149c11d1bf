;;! stage = opt
;; Loops over static arrays: unrolled to whole vectors and packed; an iteration that is left over
;; goes in front. Not packed where a store may hit what a later lane loads, or may trap.
(module
  (memory 1)
  (func $scale (param f64)
    (local $i i32)
    (loop $l
      (f64.store offset=1024 (local.get $i)
        (f64.add (f64.mul (local.get 0) (f64.load (local.get $i)))
          (f64.load offset=1024 (local.get $i))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 808)))))
  (func $recurrence
    (local $i i32)
    (loop $l
      (i64.store offset=8 (local.get $i)
        (i64.add (i64.load (local.get $i)) (i64.load offset=1024 (local.get $i))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 800)))))
  (func $beyond
    (local $i i32)
    (loop $l
      (i64.store offset=65000 (local.get $i) (i64.const 7))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 800))))))
;; function 0 "scale" (f64) -> () {
;; block0(v0: f64):
;;   v28 = splat.f64 v0
;;   v11 = iconst.i32 0
;;   v13 = load.f64 v11, memory 0, float64, offset 0, region memory 0
;;   v14 = fmul.f64 v0, v13
;;   v15 = load.f64 v11, memory 0, float64, offset 1024, region memory 0
;;   v16 = fadd.f64 v14, v15
;;   store.f64 v11, v16, memory 0, float64, offset 1024, region memory 0
;;   v17 = iconst.i32 8
;;   v18 = iadd.i32 v11, v17
;;   br block1(v18)
;; block1(v1: i32):
;;   v9 = iconst.i32 808
;;   v29 = load.v128 v1, memory 0, vector128, offset 0, region memory 0
;;   v30 = vmul.f64 v28, v29
;;   v31 = load.v128 v1, memory 0, vector128, offset 1024, region memory 0
;;   v32 = vadd.f64 v30, v31
;;   store.v128 v1, v32, memory 0, vector128, offset 1024, region memory 0
;;   v25 = iconst.i32 16
;;   v26 = iadd.i32 v1, v25
;;   v27 = icmp.i32 ne v26, v9
;;   br_if v27, block4, block2
;; block4:
;;   br block1(v26)
;; block2:
;;   return
;; }
;; function 1 "recurrence" () -> () {
;; block0:
;;   v8 = iconst.i32 0
;;   br block1(v8)
;; block1(v0: i32):
;;   v1 = load.i64 v0, memory 0, int64, offset 0, region memory 0
;;   v2 = load.i64 v0, memory 0, int64, offset 1024, region memory 0
;;   v3 = iadd.i64 v1, v2
;;   store.i64 v0, v3, memory 0, int64, offset 8, region memory 0
;;   v6 = iconst.i32 800
;;   v9 = load.i64 v0, memory 0, int64, offset 8, region memory 0
;;   v10 = load.i64 v0, memory 0, int64, offset 1032, region memory 0
;;   v11 = iadd.i64 v9, v10
;;   store.i64 v0, v11, memory 0, int64, offset 16, region memory 0
;;   v12 = iconst.i32 16
;;   v13 = iadd.i32 v0, v12
;;   v14 = icmp.i32 ne v13, v6
;;   br_if v14, block3, block2
;; block3:
;;   br block1(v13)
;; block2:
;;   return
;; }
;; function 2 "beyond" () -> () {
;; block0:
;;   v6 = iconst.i32 0
;;   br block1(v6)
;; block1(v0: i32):
;;   v1 = iconst.i64 7
;;   store.i64 v0, v1, memory 0, int64, offset 65000, region memory 0
;;   v4 = iconst.i32 800
;;   store.i64 v0, v1, memory 0, int64, offset 65008, region memory 0
;;   v7 = iconst.i32 16
;;   v8 = iadd.i32 v0, v7
;;   v9 = icmp.i32 ne v8, v4
;;   br_if v9, block3, block2
;; block3:
;;   br block1(v8)
;; block2:
;;   return
;; }
