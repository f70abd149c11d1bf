;;! stage = opt
;; What is known of the size of numbers: by their making, behind conditions, behind accesses.
(module
  (memory 1)
  (func $masks (param i32) (result i32 i32 i32)
    (i32.and (i32.shr_u (local.get 0) (i32.const 24)) (i32.const 255))
    (i32.or (i32.shl (local.get 0) (i32.const 3)) (i32.const 1))
    (i32.lt_u (i32.load8_u (local.get 0)) (i32.const 256)))
  (func $signs (param i32) (result i64 i32 i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get 0)))
    (i64.extend_i32_s (local.get $byte))
    (i32.div_s (local.get $byte) (i32.const 2))
    (i32.lt_s (local.get $byte) (i32.const 0)))
  (func $narrow (param i32 i32) (result i64)
    (i64.div_u (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1))))
  ;; The second comparison follows from the first.
  (func $implied (param i32) (result i32)
    (if (i32.lt_u (local.get 0) (i32.const 10))
      (then (return (i32.lt_u (local.get 0) (i32.const 20)))))
    (i32.lt_u (local.get 0) (i32.const 10)))
  ;; Only one of the paths to the sum knows that it does not wrap around.
  (func $offset (param i32) (result i32)
    (if (i32.lt_u (local.get 0) (i32.const 1000))
      (then (return (i32.load (i32.add (local.get 0) (i32.const 4096))))))
    (i32.load (i32.add (local.get 0) (i32.const 4096))))
  ;; What was accessed far enough behind a pointer does not wrap around before.
  (func $access (param i32) (result i32 i32)
    (drop (i32.load offset=16 (local.get 0)))
    (i32.load (i32.add (local.get 0) (i32.const 19)))
    (i32.load (i32.add (local.get 0) (i32.const 20))))
  ;; The bound of the loop is a sum that exists already, and goes before the loop is looked at.
  (func $bound (param $n i32) (result i32)
    (local $i i32)
    (local $first i32)
    (local $second i32)
    (local.set $first (i32.add (local.get $n) (i32.const 1)))
    (local.set $second (i32.add (local.get $n) (i32.const 1)))
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $second))))
    (i32.add (local.get $i) (local.get $first))))
;; function 0 "masks" (i32) -> (i32, i32, i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 24
;;   v2 = ushr.i32 v0, v1
;;   v5 = iconst.i32 3
;;   v6 = shl.i32 v0, v5
;;   v7 = iconst.i32 1
;;   v8 = iadd.i32 v6, v7
;;   v9 = load.i32 v0, memory 0, int8_u, offset 0, region memory 0
;;   return v2, v8, v7
;; }
;; function 1 "signs" (i32) -> (i64, i32, i32) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int8_u, offset 0, region memory 0
;;   v2 = uextend v1
;;   v7 = iconst.i32 1
;;   v4 = ushr.i32 v1, v7
;;   v5 = iconst.i32 0
;;   return v2, v4, v5
;; }
;; function 2 "narrow" (i32, i32) -> (i64) {
;; block0(v0: i32, v1: i32):
;;   v7 = udiv.i32 v0, v1
;;   v4 = uextend v7
;;   return v4
;; }
;; function 3 "implied" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 10
;;   v2 = icmp.i32 ult v0, v1
;;   br_if v2, block1, block2
;; block1:
;;   v4 = iconst.i32 1
;;   return v4
;; block2:
;;   v6 = iconst.i32 0
;;   return v6
;; }
;; function 4 "offset" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 1000
;;   v2 = icmp.i32 ult v0, v1
;;   br_if v2, block1, block2
;; block1:
;;   v5 = load.i32 v0, memory 0, int32_u, offset 4096, region memory 0
;;   return v5
;; block2:
;;   v6 = iconst.i32 4096
;;   v7 = iadd.i32 v0, v6
;;   v8 = load.i32 v7, memory 0, int32_u, offset 0, region memory 0
;;   return v8
;; }
;; function 5 "access" (i32) -> (i32, i32) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int32_u, offset 16, region memory 0
;;   v4 = load.i32 v0, memory 0, int32_u, offset 19, region memory 0
;;   v7 = load.i32 v0, memory 0, int32_u, offset 20, region memory 0
;;   return v4, v7
;; }
;; function 6 "bound" (i32) -> (i32) {
;; block0(v0: i32):
;;   v10 = iconst.i32 0
;;   v1 = iconst.i32 1
;;   v2 = iadd.i32 v0, v1
;;   br block1(v10)
;; block1(v5: i32):
;;   v7 = iadd.i32 v5, v1
;;   v9 = icmp.i32 ult v7, v2
;;   br_if v9, block3, block2
;; block3:
;;   br block1(v7)
;; block2:
;;   v11 = iadd.i32 v7, v2
;;   return v11
;; }
