;;! stage = opt
;; What a loop computes from its counter by a product becomes a variable that one addition advances.
(module
  (memory 1)
  ;; Structs of 12 bytes behind a pointer: one variable in place of a product and a sum.
  (func $structs (param $base i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load offset=4
            (i32.add (local.get $base) (i32.mul (local.get $i) (i32.const 12))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A column: the step is computed in front of the loop.
  (func $column (param $n i32) (param $j i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load
            (i32.shl
              (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j))
              (i32.const 2)))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A sum of a pointer and a shifted counter is one lea: it stays.
  (func $words (param $base i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load (i32.add (local.get $base) (i32.shl (local.get $i) (i32.const 2))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; Only one round in many comes to the product: it stays.
  (func $seldom (param $n i32) (param $j i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (if (i32.eq (i32.load8_u offset=1 (local.get $i)) (i32.const 7))
            (then
              (i32.store (i32.mul (local.get $i) (local.get $j)) (local.get $i))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))
;; function 0 "structs" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v14 = iconst.i32 0
;;   br block1(v14, v14, v0)
;; block1(v2: i32, v4: i32, v17: i32):
;;   v8 = load.i32 v17, memory 0, int32_u, offset 4, region memory 0
;;   v9 = iadd.i32 v2, v8
;;   v18 = iconst.i32 12
;;   v19 = iadd.i32 v17, v18
;;   v10 = iconst.i32 1
;;   v11 = iadd.i32 v4, v10
;;   v13 = icmp.i32 ne v11, v1
;;   br_if v13, block3, block2
;; block3:
;;   br block1(v9, v11, v19)
;; block2:
;;   return v9
;; }
;; function 1 "column" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v15 = iconst.i32 0
;;   v16 = iconst.i32 2
;;   v17 = shl.i32 v1, v16
;;   v19 = iconst.i32 2
;;   v20 = shl.i32 v0, v19
;;   br block1(v15, v15, v17)
;; block1(v2: i32, v3: i32, v21: i32):
;;   v10 = load.i32 v21, memory 0, int32_u, offset 0, region memory 0
;;   v11 = iadd.i32 v2, v10
;;   v22 = iadd.i32 v21, v20
;;   v12 = iconst.i32 1
;;   v13 = iadd.i32 v3, v12
;;   v14 = icmp.i32 ne v13, v0
;;   br_if v14, block3, block2
;; block3:
;;   br block1(v11, v13, v22)
;; block2:
;;   return v11
;; }
;; function 2 "words" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v14 = iconst.i32 0
;;   br block1(v14, v14)
;; block1(v2: i32, v4: i32):
;;   v5 = iconst.i32 2
;;   v6 = shl.i32 v4, v5
;;   v7 = iadd.i32 v0, v6
;;   v8 = load.i32 v7, memory 0, int32_u, offset 0, region memory 0
;;   v9 = iadd.i32 v2, v8
;;   v10 = iconst.i32 1
;;   v11 = iadd.i32 v4, v10
;;   v13 = icmp.i32 ne v11, v1
;;   br_if v13, block3, block2
;; block3:
;;   br block1(v9, v11)
;; block2:
;;   return v9
;; }
;; function 3 "seldom" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v15 = iconst.i32 0
;;   br block1(v15)
;; block1(v2: i32):
;;   v3 = load.i32 v2, memory 0, int8_u, offset 0, region memory 0
;;   br_if v3, block9, block2
;; block9:
;;   br block7
;; block2:
;;   v6 = load.i32 v2, memory 0, int8_u, offset 1, region memory 0
;;   v7 = iconst.i32 7
;;   v8 = icmp.i32 eq v6, v7
;;   br_if v8, block4, block10
;; block10:
;;   br block7
;; block4:
;;   v10 = imul.i32 v2, v1
;;   store.i32 v10, v2, memory 0, int32_u, offset 0, region memory 0
;;   br block7
;; block7:
;;   v11 = iconst.i32 1
;;   v12 = iadd.i32 v2, v11
;;   v14 = icmp.i32 ne v12, v0
;;   br_if v14, block11, block8
;; block11:
;;   br block1(v12)
;; block8:
;;   return v15
;; }
