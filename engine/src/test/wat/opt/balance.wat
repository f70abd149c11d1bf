;;! stage = opt
;; What depends on slow values of the iteration before comes last in a sum; loads by a counter first.
(module
  (memory 1)
  (func $round (param i32 i32) (result i32)
    (local $i i32) (local $t i32)
    (loop $l
      (local.set $t
        (i32.add
          (i32.add
            (i32.add
              (local.get 0)
              (i32.xor (i32.rotl (local.get 1) (i32.const 6)) (i32.rotl (local.get 1) (i32.const 11))))
            (i32.load offset=64 (local.get $i)))
          (i32.load (local.get $i))))
      (local.set 0 (local.get 1))
      (local.set 1 (local.get $t))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 64))))
    (local.get 1)))
;; function 0 "round" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v19 = iconst.i32 0
;;   br block1(v0, v1, v19)
;; block1(v2: i32, v3: i32, v10: i32):
;;   v4 = iconst.i32 6
;;   v5 = rotl.i32 v3, v4
;;   v6 = iconst.i32 11
;;   v7 = rotl.i32 v3, v6
;;   v8 = ixor.i32 v5, v7
;;   v11 = load.i32 v10, memory 0, int32_u, offset 64, region memory 0
;;   v13 = load.i32 v10, memory 0, int32_u, offset 0, region memory 0
;;   v97 = iadd.i32 v11, v13
;;   v98 = iadd.i32 v97, v2
;;   v14 = iadd.i32 v98, v8
;;   v17 = iconst.i32 64
;;   v20 = rotl.i32 v14, v4
;;   v21 = rotl.i32 v14, v6
;;   v22 = ixor.i32 v20, v21
;;   v24 = load.i32 v10, memory 0, int32_u, offset 68, region memory 0
;;   v26 = load.i32 v10, memory 0, int32_u, offset 4, region memory 0
;;   v99 = iadd.i32 v24, v26
;;   v100 = iadd.i32 v99, v3
;;   v27 = iadd.i32 v100, v22
;;   v31 = rotl.i32 v27, v4
;;   v32 = rotl.i32 v27, v6
;;   v33 = ixor.i32 v31, v32
;;   v35 = load.i32 v10, memory 0, int32_u, offset 72, region memory 0
;;   v37 = load.i32 v10, memory 0, int32_u, offset 8, region memory 0
;;   v101 = iadd.i32 v35, v37
;;   v102 = iadd.i32 v101, v14
;;   v38 = iadd.i32 v102, v33
;;   v42 = rotl.i32 v38, v4
;;   v43 = rotl.i32 v38, v6
;;   v44 = ixor.i32 v42, v43
;;   v46 = load.i32 v10, memory 0, int32_u, offset 76, region memory 0
;;   v48 = load.i32 v10, memory 0, int32_u, offset 12, region memory 0
;;   v103 = iadd.i32 v46, v48
;;   v104 = iadd.i32 v103, v27
;;   v49 = iadd.i32 v104, v44
;;   v53 = rotl.i32 v49, v4
;;   v54 = rotl.i32 v49, v6
;;   v55 = ixor.i32 v53, v54
;;   v57 = load.i32 v10, memory 0, int32_u, offset 80, region memory 0
;;   v59 = load.i32 v10, memory 0, int32_u, offset 16, region memory 0
;;   v105 = iadd.i32 v57, v59
;;   v106 = iadd.i32 v105, v38
;;   v60 = iadd.i32 v106, v55
;;   v64 = rotl.i32 v60, v4
;;   v65 = rotl.i32 v60, v6
;;   v66 = ixor.i32 v64, v65
;;   v68 = load.i32 v10, memory 0, int32_u, offset 84, region memory 0
;;   v70 = load.i32 v10, memory 0, int32_u, offset 20, region memory 0
;;   v107 = iadd.i32 v68, v70
;;   v108 = iadd.i32 v107, v49
;;   v71 = iadd.i32 v108, v66
;;   v75 = rotl.i32 v71, v4
;;   v76 = rotl.i32 v71, v6
;;   v77 = ixor.i32 v75, v76
;;   v79 = load.i32 v10, memory 0, int32_u, offset 88, region memory 0
;;   v81 = load.i32 v10, memory 0, int32_u, offset 24, region memory 0
;;   v109 = iadd.i32 v79, v81
;;   v110 = iadd.i32 v109, v60
;;   v82 = iadd.i32 v110, v77
;;   v86 = rotl.i32 v82, v4
;;   v87 = rotl.i32 v82, v6
;;   v88 = ixor.i32 v86, v87
;;   v90 = load.i32 v10, memory 0, int32_u, offset 92, region memory 0
;;   v92 = load.i32 v10, memory 0, int32_u, offset 28, region memory 0
;;   v111 = iadd.i32 v90, v92
;;   v112 = iadd.i32 v111, v71
;;   v93 = iadd.i32 v112, v88
;;   v94 = iconst.i32 32
;;   v95 = iadd.i32 v10, v94
;;   v96 = icmp.i32 ult v95, v17
;;   br_if v96, block3, block2
;; block3:
;;   br block1(v82, v93, v95)
;; block2:
;;   return v93
;; }
