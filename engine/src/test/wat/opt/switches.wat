;;! stage = opt
;; Ranges of indexes are told apart by comparisons, scattered ones by the bits of a mask; a table
;; needs no clamp where the index is masked.
(module
  (func $two-ways (param i32) (result i32)
    (block $other (block $case
      (br_table $case $case $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $inner-range (param i32) (result i32)
    (block $other (block $case
      (br_table $other $other $case $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $four-ranges (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $white-space (param i32) (result i32)
    (block $other (block $case
      (br_table $other $other $case $case $other $case $other $other $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $two-masks (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $b $a $a $c $b $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $mask-and-default (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $b $a $a $b $b $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $masked-index (param i32) (result i32)
    (block $e (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d $a $b $c $e (i32.and (local.get 0) (i32.const 7))))
      (return (i32.const 5)))
      (return (i32.const 6)))
      (return (i32.const 7)))
      (return (i32.const 8)))
    (i32.const 9)))
;; function 0 "two-ways" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 3
;;   v4 = icmp.i32 ult v0, v3
;;   br_if v4, block3, block2
;; block3:
;;   v1 = iconst.i32 5
;;   return v1
;; block2:
;;   v2 = iconst.i32 6
;;   return v2
;; }
;; function 1 "inner-range" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 -2
;;   v4 = iadd.i32 v0, v3
;;   v5 = iconst.i32 2
;;   v6 = icmp.i32 ult v4, v5
;;   br_if v6, block3, block4
;; block3:
;;   v1 = iconst.i32 5
;;   return v1
;; block4:
;;   v2 = iconst.i32 6
;;   return v2
;; }
;; function 2 "four-ranges" (i32) -> (i32) {
;; block0(v0: i32):
;;   v4 = iconst.i32 2
;;   v5 = icmp.i32 ult v0, v4
;;   br_if v5, block5, block6
;; block6:
;;   v8 = iconst.i32 3
;;   v9 = icmp.i32 ult v0, v8
;;   br_if v9, block8, block3
;; block8:
;;   br block4
;; block5:
;;   v6 = iconst.i32 0
;;   v7 = icmp.i32 eq v0, v6
;;   br_if v7, block7, block2
;; block7:
;;   br block4
;; block4:
;;   v1 = iconst.i32 5
;;   return v1
;; block2:
;;   v2 = iconst.i32 6
;;   return v2
;; block3:
;;   v3 = iconst.i32 7
;;   return v3
;; }
;; function 3 "white-space" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 9
;;   v4 = icmp.i32 ult v0, v3
;;   v5 = iconst.i32 9
;;   v6 = select.i32 v4, v0, v5
;;   v7 = iconst.i32 300
;;   v8 = ushr.i32 v7, v6
;;   v9 = iconst.i32 1
;;   v10 = iand.i32 v8, v9
;;   br_if v10, block3, block4
;; block3:
;;   v1 = iconst.i32 5
;;   return v1
;; block4:
;;   v2 = iconst.i32 6
;;   return v2
;; }
;; function 4 "two-masks" (i32) -> (i32) {
;; block0(v0: i32):
;;   v4 = iconst.i32 10
;;   v5 = icmp.i32 ult v0, v4
;;   v6 = iconst.i32 10
;;   v7 = select.i32 v5, v0, v6
;;   v8 = iconst.i32 565
;;   v9 = ushr.i32 v8, v7
;;   v10 = iconst.i32 1
;;   v11 = iand.i32 v9, v10
;;   br_if v11, block4, block7
;; block7:
;;   v12 = iconst.i32 394
;;   v13 = ushr.i32 v12, v7
;;   v14 = iconst.i32 1
;;   v15 = iand.i32 v13, v14
;;   br_if v15, block5, block6
;; block4:
;;   v1 = iconst.i32 5
;;   return v1
;; block5:
;;   v2 = iconst.i32 6
;;   return v2
;; block6:
;;   v3 = iconst.i32 7
;;   return v3
;; }
;; function 5 "mask-and-default" (i32) -> (i32) {
;; block0(v0: i32):
;;   v4 = iconst.i32 10
;;   v5 = icmp.i32 ult v0, v4
;;   br_if v5, block6, block3
;; block6:
;;   v6 = iconst.i32 565
;;   v7 = ushr.i32 v6, v0
;;   v8 = iconst.i32 1
;;   v9 = iand.i32 v7, v8
;;   br_if v9, block4, block5
;; block4:
;;   v1 = iconst.i32 5
;;   return v1
;; block5:
;;   v2 = iconst.i32 6
;;   return v2
;; block3:
;;   v3 = iconst.i32 7
;;   return v3
;; }
;; function 6 "masked-index" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 7
;;   v2 = iand.i32 v0, v1
;;   br_table v2, block14, block13, block12, block4, block11, block10, block9, block5
;; block14:
;;   br block6
;; block13:
;;   br block7
;; block12:
;;   br block8
;; block11:
;;   br block6
;; block10:
;;   br block7
;; block9:
;;   br block8
;; block6:
;;   v3 = iconst.i32 5
;;   return v3
;; block7:
;;   v4 = iconst.i32 6
;;   return v4
;; block8:
;;   return v1
;; block4:
;;   v6 = iconst.i32 8
;;   return v6
;; block5:
;;   v7 = iconst.i32 9
;;   return v7
;; }
