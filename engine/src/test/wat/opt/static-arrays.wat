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
;;   v178 = iconst.i32 0
;;   br block1(v29, v28, v178)
;; block1(v22: i32, v23: f64, v179: i32):
;;   v32 = iadd.i32 v179, v29
;;   v35 = load.f64 v179, memory 0, float64, offset 2000, region memory 0
;;   v36 = fadd.f64 v23, v35
;;   v37 = iconst.i32 -8
;;   v38 = iadd.i32 v32, v37
;;   v39 = load.f64 v38, memory 0, float64, offset 16, region memory 0
;;   v40 = fadd.f64 v36, v39
;;   v49 = load.f64 v179, memory 0, float64, offset 2008, region memory 0
;;   v50 = fadd.f64 v40, v49
;;   v53 = load.f64 v179, memory 0, float64, offset 16, region memory 0
;;   v54 = fadd.f64 v50, v53
;;   v63 = load.f64 v179, memory 0, float64, offset 2016, region memory 0
;;   v64 = fadd.f64 v54, v63
;;   v67 = load.f64 v179, memory 0, float64, offset 24, region memory 0
;;   v68 = fadd.f64 v64, v67
;;   v77 = load.f64 v179, memory 0, float64, offset 2024, region memory 0
;;   v78 = fadd.f64 v68, v77
;;   v81 = load.f64 v179, memory 0, float64, offset 32, region memory 0
;;   v82 = fadd.f64 v78, v81
;;   v84 = iconst.i32 32
;;   v3 = iconst.i32 800
;;   br block2(v82, v84)
;; block2(v1: f64, v5: i32):
;;   v6 = iadd.i32 v179, v5
;;   v9 = load.f64 v6, memory 0, float64, offset 2000, region memory 0
;;   v10 = fadd.f64 v1, v9
;;   v16 = load.f64 v6, memory 0, float64, offset 8, region memory 0
;;   v17 = fadd.f64 v10, v16
;;   v90 = load.f64 v6, memory 0, float64, offset 2008, region memory 0
;;   v91 = fadd.f64 v17, v90
;;   v94 = load.f64 v6, memory 0, float64, offset 16, region memory 0
;;   v95 = fadd.f64 v91, v94
;;   v103 = load.f64 v6, memory 0, float64, offset 2016, region memory 0
;;   v104 = fadd.f64 v95, v103
;;   v107 = load.f64 v6, memory 0, float64, offset 24, region memory 0
;;   v108 = fadd.f64 v104, v107
;;   v116 = load.f64 v6, memory 0, float64, offset 2024, region memory 0
;;   v117 = fadd.f64 v108, v116
;;   v120 = load.f64 v6, memory 0, float64, offset 32, region memory 0
;;   v121 = fadd.f64 v117, v120
;;   v129 = load.f64 v6, memory 0, float64, offset 2032, region memory 0
;;   v130 = fadd.f64 v121, v129
;;   v133 = load.f64 v6, memory 0, float64, offset 40, region memory 0
;;   v134 = fadd.f64 v130, v133
;;   v142 = load.f64 v6, memory 0, float64, offset 2040, region memory 0
;;   v143 = fadd.f64 v134, v142
;;   v146 = load.f64 v6, memory 0, float64, offset 48, region memory 0
;;   v147 = fadd.f64 v143, v146
;;   v155 = load.f64 v6, memory 0, float64, offset 2048, region memory 0
;;   v156 = fadd.f64 v147, v155
;;   v159 = load.f64 v6, memory 0, float64, offset 56, region memory 0
;;   v160 = fadd.f64 v156, v159
;;   v168 = load.f64 v6, memory 0, float64, offset 2056, region memory 0
;;   v169 = fadd.f64 v160, v168
;;   v172 = load.f64 v6, memory 0, float64, offset 64, region memory 0
;;   v173 = fadd.f64 v169, v172
;;   v174 = iconst.i32 64
;;   v175 = iadd.i32 v5, v174
;;   v176 = icmp.i32 ne v175, v3
;;   br_if v176, block6, block3
;; block6:
;;   br block2(v173, v175)
;; block3:
;;   v180 = iconst.i32 800
;;   v181 = iadd.i32 v179, v180
;;   v24 = iconst.i32 1
;;   v25 = iadd.i32 v22, v24
;;   v26 = iconst.i32 100
;;   v27 = icmp.i32 slt v25, v26
;;   br_if v27, block7, block4
;; block7:
;;   br block1(v25, v173, v181)
;; block4:
;;   return v173
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
