;;! stage = opt
;; What a loop carries comes last in a sum, unless a term depends on it.
(module
  (memory 1)
  (func $sum (param i32) (result i64)
    (local $i i32) (local $s i64)
    (loop $l
      (local.set $s
        (i64.add (i64.load8_u offset=2 (local.get $i))
          (i64.add (i64.load8_u offset=1 (local.get $i))
            (i64.add (i64.load8_u (local.get $i)) (local.get $s)))))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 3))) (local.get 0))))
    (local.get $s))
  (func $hash (param i32) (result i32)
    (local $i i32) (local $h i32)
    (loop $l
      (local.set $h
        (i32.add (i32.add (local.get $h) (i32.load8_u (local.get $i)))
          (i32.shl (local.get $h) (i32.const 5))))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get 0))))
    (local.get $h)))
;; function 0 "sum" (i32) -> (i64) {
;; block0(v0: i32):
;;   v14 = iconst.i32 0
;;   v13 = iconst.i64 0
;;   br block1(v14, v13)
;; block1(v1: i32, v5: i64):
;;   v2 = load.i64 v1, memory 0, int8_u, offset 2, region memory 0
;;   v3 = load.i64 v1, memory 0, int8_u, offset 1, region memory 0
;;   v4 = load.i64 v1, memory 0, int8_u, offset 0, region memory 0
;;   v7 = iadd.i64 v3, v4
;;   v15 = iadd.i64 v7, v2
;;   v8 = iadd.i64 v15, v5
;;   v9 = iconst.i32 3
;;   v10 = iadd.i32 v1, v9
;;   v12 = icmp.i32 ult v10, v0
;;   br_if v12, block3, block2
;; block3:
;;   br block1(v10, v8)
;; block2:
;;   return v8
;; }
;; function 1 "hash" (i32) -> (i32) {
;; block0(v0: i32):
;;   v12 = iconst.i32 0
;;   br block1(v12, v12)
;; block1(v1: i32, v2: i32):
;;   v3 = load.i32 v2, memory 0, int8_u, offset 0, region memory 0
;;   v4 = iadd.i32 v1, v3
;;   v5 = iconst.i32 5
;;   v6 = shl.i32 v1, v5
;;   v7 = iadd.i32 v4, v6
;;   v8 = iconst.i32 1
;;   v9 = iadd.i32 v2, v8
;;   v11 = icmp.i32 ult v9, v0
;;   br_if v11, block3, block2
;; block3:
;;   br block1(v7, v9)
;; block2:
;;   return v7
;; }
