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
;;   v20 = iadd.i32 v11, v13
;;   v21 = iadd.i32 v20, v2
;;   v14 = iadd.i32 v21, v8
;;   v15 = iconst.i32 4
;;   v16 = iadd.i32 v10, v15
;;   v17 = iconst.i32 64
;;   v18 = icmp.i32 ult v16, v17
;;   br_if v18, block3, block2
;; block3:
;;   br block1(v3, v14, v16)
;; block2:
;;   return v14
;; }
