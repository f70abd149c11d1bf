;;! stage = opt
;; What no path writes is still known where paths meet and in loops.
(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (global $h (mut i32) (i32.const 0))
  (func $diamond (param i32) (result i32)
    (local $a i32)
    (local.set $a (global.get $g))
    (if (local.get 0)
      (then (i32.store (local.get 0) (local.get $a)))
      (else (global.set $h (i32.const 1))))
    (i32.add (i32.add (local.get $a) (global.get $g)) (global.get $h)))
  (func $loop (param i32) (result i32)
    (local $a i32)
    (local.set $a (i32.add (global.get $g) (global.get $h)))
    (loop
      (local.set $a (i32.add (local.get $a) (global.get $g)))
      (global.set $h (local.get $a))
      (br_if 0 (i32.lt_s (local.get $a) (local.get 0))))
    (i32.add (global.get $h) (global.get $g))))
;; function 0 "diamond" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = ctx_load.i32 int32_u, offset 80, region global 0
;;   br_if v0, block1, block2
;; block1:
;;   store.i32 v0, v1, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block2:
;;   v2 = iconst.i32 1
;;   ctx_store.i32 v2, int32_u, offset 96, region global 1
;;   br block3
;; block3:
;;   v4 = iadd.i32 v1, v1
;;   v5 = ctx_load.i32 int32_u, offset 96, region global 1
;;   v6 = iadd.i32 v4, v5
;;   return v6
;; }
;; function 1 "loop" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = ctx_load.i32 int32_u, offset 80, region global 0
;;   v2 = ctx_load.i32 int32_u, offset 96, region global 1
;;   v3 = iadd.i32 v1, v2
;;   br block1(v3)
;; block1(v4: i32):
;;   v6 = iadd.i32 v4, v1
;;   ctx_store.i32 v6, int32_u, offset 96, region global 1
;;   v8 = icmp.i32 slt v6, v0
;;   br_if v8, block3, block2
;; block3:
;;   br block1(v6)
;; block2:
;;   v11 = iadd.i32 v6, v1
;;   return v11
;; }
