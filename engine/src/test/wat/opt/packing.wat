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
;;   v102 = splat.f64 v0
;;   v11 = iconst.i32 0
;;   v13 = load.f64 v11, memory 0, float64, offset 0, region memory 0
;;   v14 = fmul.f64 v0, v13
;;   v15 = load.f64 v11, memory 0, float64, offset 1024, region memory 0
;;   v16 = fadd.f64 v14, v15
;;   store.f64 v11, v16, memory 0, float64, offset 1024, region memory 0
;;   v17 = iconst.i32 8
;;   v18 = iadd.i32 v11, v17
;;   v21 = load.f64 v11, memory 0, float64, offset 8, region memory 0
;;   v22 = fmul.f64 v0, v21
;;   v23 = load.f64 v11, memory 0, float64, offset 1032, region memory 0
;;   v24 = fadd.f64 v22, v23
;;   store.f64 v11, v24, memory 0, float64, offset 1032, region memory 0
;;   v25 = iconst.i32 8
;;   v26 = iadd.i32 v18, v25
;;   v29 = load.f64 v11, memory 0, float64, offset 16, region memory 0
;;   v30 = fmul.f64 v0, v29
;;   v31 = load.f64 v11, memory 0, float64, offset 1040, region memory 0
;;   v32 = fadd.f64 v30, v31
;;   store.f64 v11, v32, memory 0, float64, offset 1040, region memory 0
;;   v33 = iconst.i32 8
;;   v34 = iadd.i32 v26, v33
;;   v37 = load.f64 v11, memory 0, float64, offset 24, region memory 0
;;   v38 = fmul.f64 v0, v37
;;   v39 = load.f64 v11, memory 0, float64, offset 1048, region memory 0
;;   v40 = fadd.f64 v38, v39
;;   store.f64 v11, v40, memory 0, float64, offset 1048, region memory 0
;;   v41 = iconst.i32 8
;;   v42 = iadd.i32 v34, v41
;;   v45 = load.f64 v11, memory 0, float64, offset 32, region memory 0
;;   v46 = fmul.f64 v0, v45
;;   v47 = load.f64 v11, memory 0, float64, offset 1056, region memory 0
;;   v48 = fadd.f64 v46, v47
;;   store.f64 v11, v48, memory 0, float64, offset 1056, region memory 0
;;   v49 = iconst.i32 8
;;   v50 = iadd.i32 v42, v49
;;   br block1(v50)
;; block1(v1: i32):
;;   v9 = iconst.i32 808
;;   v103 = load.v128 v1, memory 0, vector128, offset 0, region memory 0
;;   v104 = vmul.f64 v102, v103
;;   v105 = load.v128 v1, memory 0, vector128, offset 1024, region memory 0
;;   v106 = vadd.f64 v104, v105
;;   store.v128 v1, v106, memory 0, vector128, offset 1024, region memory 0
;;   v107 = load.v128 v1, memory 0, vector128, offset 16, region memory 0
;;   v108 = vmul.f64 v102, v107
;;   v109 = load.v128 v1, memory 0, vector128, offset 1040, region memory 0
;;   v110 = vadd.f64 v108, v109
;;   store.v128 v1, v110, memory 0, vector128, offset 1040, region memory 0
;;   v111 = load.v128 v1, memory 0, vector128, offset 32, region memory 0
;;   v112 = vmul.f64 v102, v111
;;   v113 = load.v128 v1, memory 0, vector128, offset 1056, region memory 0
;;   v114 = vadd.f64 v112, v113
;;   store.v128 v1, v114, memory 0, vector128, offset 1056, region memory 0
;;   v115 = load.v128 v1, memory 0, vector128, offset 48, region memory 0
;;   v116 = vmul.f64 v102, v115
;;   v117 = load.v128 v1, memory 0, vector128, offset 1072, region memory 0
;;   v118 = vadd.f64 v116, v117
;;   store.v128 v1, v118, memory 0, vector128, offset 1072, region memory 0
;;   v99 = iconst.i32 64
;;   v100 = iadd.i32 v1, v99
;;   v101 = icmp.i32 ne v100, v9
;;   br_if v101, block4, block2
;; block4:
;;   br block1(v100)
;; block2:
;;   return
;; }
;; function 1 "recurrence" () -> () {
;; block0:
;;   v8 = iconst.i32 0
;;   v10 = load.i64 v8, memory 0, int64, offset 0, region memory 0
;;   v11 = load.i64 v8, memory 0, int64, offset 1024, region memory 0
;;   v12 = iadd.i64 v10, v11
;;   store.i64 v8, v12, memory 0, int64, offset 8, region memory 0
;;   v13 = iconst.i32 8
;;   v14 = iadd.i32 v8, v13
;;   v17 = load.i64 v8, memory 0, int64, offset 8, region memory 0
;;   v18 = load.i64 v8, memory 0, int64, offset 1032, region memory 0
;;   v19 = iadd.i64 v17, v18
;;   store.i64 v8, v19, memory 0, int64, offset 16, region memory 0
;;   v20 = iconst.i32 8
;;   v21 = iadd.i32 v14, v20
;;   v24 = load.i64 v8, memory 0, int64, offset 16, region memory 0
;;   v25 = load.i64 v8, memory 0, int64, offset 1040, region memory 0
;;   v26 = iadd.i64 v24, v25
;;   store.i64 v8, v26, memory 0, int64, offset 24, region memory 0
;;   v27 = iconst.i32 8
;;   v28 = iadd.i32 v21, v27
;;   v31 = load.i64 v8, memory 0, int64, offset 24, region memory 0
;;   v32 = load.i64 v8, memory 0, int64, offset 1048, region memory 0
;;   v33 = iadd.i64 v31, v32
;;   store.i64 v8, v33, memory 0, int64, offset 32, region memory 0
;;   v34 = iconst.i32 8
;;   v35 = iadd.i32 v28, v34
;;   br block1(v35)
;; block1(v0: i32):
;;   v1 = load.i64 v0, memory 0, int64, offset 0, region memory 0
;;   v2 = load.i64 v0, memory 0, int64, offset 1024, region memory 0
;;   v3 = iadd.i64 v1, v2
;;   store.i64 v0, v3, memory 0, int64, offset 8, region memory 0
;;   v6 = iconst.i32 800
;;   v38 = load.i64 v0, memory 0, int64, offset 8, region memory 0
;;   v39 = load.i64 v0, memory 0, int64, offset 1032, region memory 0
;;   v40 = iadd.i64 v38, v39
;;   store.i64 v0, v40, memory 0, int64, offset 16, region memory 0
;;   v44 = load.i64 v0, memory 0, int64, offset 16, region memory 0
;;   v45 = load.i64 v0, memory 0, int64, offset 1040, region memory 0
;;   v46 = iadd.i64 v44, v45
;;   store.i64 v0, v46, memory 0, int64, offset 24, region memory 0
;;   v50 = load.i64 v0, memory 0, int64, offset 24, region memory 0
;;   v51 = load.i64 v0, memory 0, int64, offset 1048, region memory 0
;;   v52 = iadd.i64 v50, v51
;;   store.i64 v0, v52, memory 0, int64, offset 32, region memory 0
;;   v56 = load.i64 v0, memory 0, int64, offset 32, region memory 0
;;   v57 = load.i64 v0, memory 0, int64, offset 1056, region memory 0
;;   v58 = iadd.i64 v56, v57
;;   store.i64 v0, v58, memory 0, int64, offset 40, region memory 0
;;   v62 = load.i64 v0, memory 0, int64, offset 40, region memory 0
;;   v63 = load.i64 v0, memory 0, int64, offset 1064, region memory 0
;;   v64 = iadd.i64 v62, v63
;;   store.i64 v0, v64, memory 0, int64, offset 48, region memory 0
;;   v68 = load.i64 v0, memory 0, int64, offset 48, region memory 0
;;   v69 = load.i64 v0, memory 0, int64, offset 1072, region memory 0
;;   v70 = iadd.i64 v68, v69
;;   store.i64 v0, v70, memory 0, int64, offset 56, region memory 0
;;   v74 = load.i64 v0, memory 0, int64, offset 56, region memory 0
;;   v75 = load.i64 v0, memory 0, int64, offset 1080, region memory 0
;;   v76 = iadd.i64 v74, v75
;;   store.i64 v0, v76, memory 0, int64, offset 64, region memory 0
;;   v77 = iconst.i32 64
;;   v78 = iadd.i32 v0, v77
;;   v79 = icmp.i32 ne v78, v6
;;   br_if v79, block4, block2
;; block4:
;;   br block1(v78)
;; block2:
;;   return
;; }
;; function 2 "beyond" () -> () {
;; block0:
;;   v6 = iconst.i32 0
;;   v8 = iconst.i64 7
;;   store.i64 v6, v8, memory 0, int64, offset 65000, region memory 0
;;   v9 = iconst.i32 8
;;   v10 = iadd.i32 v6, v9
;;   v13 = iconst.i64 7
;;   store.i64 v6, v13, memory 0, int64, offset 65008, region memory 0
;;   v14 = iconst.i32 8
;;   v15 = iadd.i32 v10, v14
;;   v18 = iconst.i64 7
;;   store.i64 v6, v18, memory 0, int64, offset 65016, region memory 0
;;   v19 = iconst.i32 8
;;   v20 = iadd.i32 v15, v19
;;   v23 = iconst.i64 7
;;   store.i64 v6, v23, memory 0, int64, offset 65024, region memory 0
;;   v24 = iconst.i32 8
;;   v25 = iadd.i32 v20, v24
;;   br block1(v25)
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
;;   v46 = iconst.i32 64
;;   v47 = iadd.i32 v0, v46
;;   v48 = icmp.i32 ne v47, v4
;;   br_if v48, block4, block2
;; block4:
;;   br block1(v47)
;; block2:
;;   return
;; }
