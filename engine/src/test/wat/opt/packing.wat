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
;;   v101 = splat.f64 f64x2_splat v0
;;   v11 = iconst.i32 0
;;   v12 = load.f64 v11, memory 0, float64, offset 0, region memory 0
;;   v13 = fmul.f64 v0, v12
;;   v14 = load.f64 v11, memory 0, float64, offset 1024, region memory 0
;;   v15 = fadd.f64 v13, v14
;;   store.f64 v11, v15, memory 0, float64, offset 1024, region memory 0
;;   v17 = iconst.i32 8
;;   v20 = load.f64 v17, memory 0, float64, offset 0, region memory 0
;;   v21 = fmul.f64 v0, v20
;;   v22 = load.f64 v17, memory 0, float64, offset 1024, region memory 0
;;   v23 = fadd.f64 v21, v22
;;   store.f64 v17, v23, memory 0, float64, offset 1024, region memory 0
;;   v25 = iconst.i32 16
;;   v28 = load.f64 v25, memory 0, float64, offset 0, region memory 0
;;   v29 = fmul.f64 v0, v28
;;   v30 = load.f64 v25, memory 0, float64, offset 1024, region memory 0
;;   v31 = fadd.f64 v29, v30
;;   store.f64 v25, v31, memory 0, float64, offset 1024, region memory 0
;;   v33 = iconst.i32 24
;;   v36 = load.f64 v33, memory 0, float64, offset 0, region memory 0
;;   v37 = fmul.f64 v0, v36
;;   v38 = load.f64 v33, memory 0, float64, offset 1024, region memory 0
;;   v39 = fadd.f64 v37, v38
;;   store.f64 v33, v39, memory 0, float64, offset 1024, region memory 0
;;   v41 = iconst.i32 32
;;   v44 = load.f64 v41, memory 0, float64, offset 0, region memory 0
;;   v45 = fmul.f64 v0, v44
;;   v46 = load.f64 v41, memory 0, float64, offset 1024, region memory 0
;;   v47 = fadd.f64 v45, v46
;;   store.f64 v41, v47, memory 0, float64, offset 1024, region memory 0
;;   v49 = iconst.i32 40
;;   br block1(v49)
;; block1(v1: i32):
;;   v9 = iconst.i32 808
;;   v102 = load.v128 v1, memory 0, vector128, offset 0, region memory 0
;;   v103 = vbinary f64x2_mul v101, v102
;;   v104 = load.v128 v1, memory 0, vector128, offset 1024, region memory 0
;;   v105 = vbinary f64x2_add v103, v104
;;   store.v128 v1, v105, memory 0, vector128, offset 1024, region memory 0
;;   v106 = load.v128 v1, memory 0, vector128, offset 16, region memory 0
;;   v107 = vbinary f64x2_mul v101, v106
;;   v108 = load.v128 v1, memory 0, vector128, offset 1040, region memory 0
;;   v109 = vbinary f64x2_add v107, v108
;;   store.v128 v1, v109, memory 0, vector128, offset 1040, region memory 0
;;   v110 = load.v128 v1, memory 0, vector128, offset 32, region memory 0
;;   v111 = vbinary f64x2_mul v101, v110
;;   v112 = load.v128 v1, memory 0, vector128, offset 1056, region memory 0
;;   v113 = vbinary f64x2_add v111, v112
;;   store.v128 v1, v113, memory 0, vector128, offset 1056, region memory 0
;;   v114 = load.v128 v1, memory 0, vector128, offset 48, region memory 0
;;   v115 = vbinary f64x2_mul v101, v114
;;   v116 = load.v128 v1, memory 0, vector128, offset 1072, region memory 0
;;   v117 = vbinary f64x2_add v115, v116
;;   store.v128 v1, v117, memory 0, vector128, offset 1072, region memory 0
;;   v98 = iconst.i32 64
;;   v99 = iadd.i32 v1, v98
;;   v100 = icmp.i32 ne v99, v9
;;   br_if v100, block4, block2
;; block4:
;;   br block1(v99)
;; block2:
;;   return
;; }
;; function 1 "recurrence" () -> () {
;; block0:
;;   v8 = iconst.i32 0
;;   v9 = load.i64 v8, memory 0, int64, offset 0, region memory 0
;;   v10 = load.i64 v8, memory 0, int64, offset 1024, region memory 0
;;   v11 = iadd.i64 v9, v10
;;   store.i64 v8, v11, memory 0, int64, offset 8, region memory 0
;;   v13 = iconst.i32 8
;;   v16 = load.i64 v13, memory 0, int64, offset 0, region memory 0
;;   v17 = load.i64 v13, memory 0, int64, offset 1024, region memory 0
;;   v18 = iadd.i64 v16, v17
;;   store.i64 v13, v18, memory 0, int64, offset 8, region memory 0
;;   v20 = iconst.i32 16
;;   v23 = load.i64 v20, memory 0, int64, offset 0, region memory 0
;;   v24 = load.i64 v20, memory 0, int64, offset 1024, region memory 0
;;   v25 = iadd.i64 v23, v24
;;   store.i64 v20, v25, memory 0, int64, offset 8, region memory 0
;;   v27 = iconst.i32 24
;;   v30 = load.i64 v27, memory 0, int64, offset 0, region memory 0
;;   v31 = load.i64 v27, memory 0, int64, offset 1024, region memory 0
;;   v32 = iadd.i64 v30, v31
;;   store.i64 v27, v32, memory 0, int64, offset 8, region memory 0
;;   v34 = iconst.i32 32
;;   br block1(v34)
;; block1(v0: i32):
;;   v1 = load.i64 v0, memory 0, int64, offset 0, region memory 0
;;   v2 = load.i64 v0, memory 0, int64, offset 1024, region memory 0
;;   v3 = iadd.i64 v1, v2
;;   store.i64 v0, v3, memory 0, int64, offset 8, region memory 0
;;   v6 = iconst.i32 800
;;   v37 = load.i64 v0, memory 0, int64, offset 8, region memory 0
;;   v38 = load.i64 v0, memory 0, int64, offset 1032, region memory 0
;;   v39 = iadd.i64 v37, v38
;;   store.i64 v0, v39, memory 0, int64, offset 16, region memory 0
;;   v43 = load.i64 v0, memory 0, int64, offset 16, region memory 0
;;   v44 = load.i64 v0, memory 0, int64, offset 1040, region memory 0
;;   v45 = iadd.i64 v43, v44
;;   store.i64 v0, v45, memory 0, int64, offset 24, region memory 0
;;   v49 = load.i64 v0, memory 0, int64, offset 24, region memory 0
;;   v50 = load.i64 v0, memory 0, int64, offset 1048, region memory 0
;;   v51 = iadd.i64 v49, v50
;;   store.i64 v0, v51, memory 0, int64, offset 32, region memory 0
;;   v55 = load.i64 v0, memory 0, int64, offset 32, region memory 0
;;   v56 = load.i64 v0, memory 0, int64, offset 1056, region memory 0
;;   v57 = iadd.i64 v55, v56
;;   store.i64 v0, v57, memory 0, int64, offset 40, region memory 0
;;   v61 = load.i64 v0, memory 0, int64, offset 40, region memory 0
;;   v62 = load.i64 v0, memory 0, int64, offset 1064, region memory 0
;;   v63 = iadd.i64 v61, v62
;;   store.i64 v0, v63, memory 0, int64, offset 48, region memory 0
;;   v67 = load.i64 v0, memory 0, int64, offset 48, region memory 0
;;   v68 = load.i64 v0, memory 0, int64, offset 1072, region memory 0
;;   v69 = iadd.i64 v67, v68
;;   store.i64 v0, v69, memory 0, int64, offset 56, region memory 0
;;   v73 = load.i64 v0, memory 0, int64, offset 56, region memory 0
;;   v74 = load.i64 v0, memory 0, int64, offset 1080, region memory 0
;;   v75 = iadd.i64 v73, v74
;;   store.i64 v0, v75, memory 0, int64, offset 64, region memory 0
;;   v76 = iconst.i32 64
;;   v77 = iadd.i32 v0, v76
;;   v78 = icmp.i32 ne v77, v6
;;   br_if v78, block4, block2
;; block4:
;;   br block1(v77)
;; block2:
;;   return
;; }
;; function 2 "beyond" () -> () {
;; block0:
;;   v6 = iconst.i32 0
;;   v7 = iconst.i64 7
;;   store.i64 v6, v7, memory 0, int64, offset 65000, region memory 0
;;   v9 = iconst.i32 8
;;   v12 = iconst.i64 7
;;   store.i64 v9, v12, memory 0, int64, offset 65000, region memory 0
;;   v14 = iconst.i32 16
;;   v17 = iconst.i64 7
;;   store.i64 v14, v17, memory 0, int64, offset 65000, region memory 0
;;   v19 = iconst.i32 24
;;   v22 = iconst.i64 7
;;   store.i64 v19, v22, memory 0, int64, offset 65000, region memory 0
;;   v24 = iconst.i32 32
;;   br block1(v24)
;; block1(v0: i32):
;;   v1 = iconst.i64 7
;;   store.i64 v0, v1, memory 0, int64, offset 65000, region memory 0
;;   v4 = iconst.i32 800
;;   store.i64 v0, v1, memory 0, int64, offset 65008, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65016, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65024, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65032, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65040, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65048, region memory 0
;;   store.i64 v0, v1, memory 0, int64, offset 65056, region memory 0
;;   v45 = iconst.i32 64
;;   v46 = iadd.i32 v0, v45
;;   v47 = icmp.i32 ne v46, v4
;;   br_if v47, block4, block2
;; block4:
;;   br block1(v46)
;; block2:
;;   return
;; }
