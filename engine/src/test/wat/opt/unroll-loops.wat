;;! stage = opt
;; A small loop that runs a known number of times goes round less often; what is left over comes
;; first.
(module
  (memory 1)
  (func $sum-of-products (result i64)
    (local $i i32) (local $sum i64)
    (loop $next
      (local.set $sum
        (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (local.get $i))))
      (br_if $next
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 808))))
    (local.get $sum)))
;; function 0 "sum-of-products" () -> (i64) {
;; block0:
;;   v11 = iconst.i64 0
;;   v10 = iconst.i32 0
;;   v12 = iconst.i64 31
;;   v13 = imul.i64 v11, v12
;;   v14 = load.i64 v10, memory 0, int64, offset 0, region memory 0
;;   v15 = iadd.i64 v13, v14
;;   v17 = iconst.i32 8
;;   v20 = iconst.i64 31
;;   v21 = imul.i64 v15, v20
;;   v22 = load.i64 v17, memory 0, int64, offset 0, region memory 0
;;   v23 = iadd.i64 v21, v22
;;   v25 = iconst.i32 16
;;   v28 = iconst.i64 31
;;   v29 = imul.i64 v23, v28
;;   v30 = load.i64 v25, memory 0, int64, offset 0, region memory 0
;;   v31 = iadd.i64 v29, v30
;;   v33 = iconst.i32 24
;;   v36 = iconst.i64 31
;;   v37 = imul.i64 v31, v36
;;   v38 = load.i64 v33, memory 0, int64, offset 0, region memory 0
;;   v39 = iadd.i64 v37, v38
;;   v41 = iconst.i32 32
;;   v44 = iconst.i64 31
;;   v45 = imul.i64 v39, v44
;;   v46 = load.i64 v41, memory 0, int64, offset 0, region memory 0
;;   v47 = iadd.i64 v45, v46
;;   v49 = iconst.i32 40
;;   br block1(v47, v49)
;; block1(v0: i64, v3: i32):
;;   v1 = iconst.i64 31
;;   v2 = imul.i64 v0, v1
;;   v4 = load.i64 v3, memory 0, int64, offset 0, region memory 0
;;   v5 = iadd.i64 v2, v4
;;   v8 = iconst.i32 808
;;   v52 = imul.i64 v5, v1
;;   v53 = load.i64 v3, memory 0, int64, offset 8, region memory 0
;;   v54 = iadd.i64 v52, v53
;;   v58 = imul.i64 v54, v1
;;   v59 = load.i64 v3, memory 0, int64, offset 16, region memory 0
;;   v60 = iadd.i64 v58, v59
;;   v64 = imul.i64 v60, v1
;;   v65 = load.i64 v3, memory 0, int64, offset 24, region memory 0
;;   v66 = iadd.i64 v64, v65
;;   v70 = imul.i64 v66, v1
;;   v71 = load.i64 v3, memory 0, int64, offset 32, region memory 0
;;   v72 = iadd.i64 v70, v71
;;   v76 = imul.i64 v72, v1
;;   v77 = load.i64 v3, memory 0, int64, offset 40, region memory 0
;;   v78 = iadd.i64 v76, v77
;;   v82 = imul.i64 v78, v1
;;   v83 = load.i64 v3, memory 0, int64, offset 48, region memory 0
;;   v84 = iadd.i64 v82, v83
;;   v88 = imul.i64 v84, v1
;;   v89 = load.i64 v3, memory 0, int64, offset 56, region memory 0
;;   v90 = iadd.i64 v88, v89
;;   v91 = iconst.i32 64
;;   v92 = iadd.i32 v3, v91
;;   v93 = icmp.i32 ne v92, v8
;;   br_if v93, block4, block2
;; block4:
;;   br block1(v90, v92)
;; block2:
;;   return v90
;; }
