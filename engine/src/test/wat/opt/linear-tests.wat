;;! stage = opt
;; A counter that is only counted goes, where another variable tells as well when the loop ends.
(module
  (memory 16)
  ;; The number of rounds is known: the structs' address is compared with the end.
  (func $structs (result i64)
    (local $i i32) (local $s i64)
    (loop $l
      (local.set $s
        (i64.add
          (i64.rotl (local.get $s) (i64.const 7))
          (i64.load offset=4096 (i32.mul (local.get $i) (i32.const 24)))))
      (if (i64.eqz (local.get $s)) (then (local.set $s (i64.const 1)) (call $cold)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (local.get $s))
  (func $cold (unreachable))
  ;; A pointer to bytes and a counter: each value of the pointer comes once in 2^32 rounds.
  (func $bytes (param $p i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load8_u (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A pointer to words is back where it began after 2^30 rounds: the counter stays.
  (func $words (param $p i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))
;; function 0 "structs" () -> (i64) {
;; block0:
;;   v17 = iconst.i64 0
;;   v19 = iconst.i32 0
;;   v27 = iconst.i32 24000
;;   br block1(v17, v19)
;; block1(v0: i64, v20: i32):
;;   v1 = iconst.i64 7
;;   v2 = rotl.i64 v0, v1
;;   v6 = load.i64 v20, memory 0, int64, offset 4096, region memory 0
;;   v7 = iadd.i64 v2, v6
;;   v9 = icmp.i64 eq v7, v17
;;   br_if v9, block2, block3
;; block2:
;;   v10 = iconst.i64 1
;;   call function 1 () -> ()
;;   br block4(v10)
;; block3:
;;   br block4(v7)
;; block4(v16: i64):
;;   v21 = iconst.i32 24
;;   v22 = iadd.i32 v20, v21
;;   v14 = icmp.i32 ne v22, v27
;;   br_if v14, block6, block5
;; block6:
;;   br block1(v16, v22)
;; block5:
;;   return v16
;; }
;; function 1 "cold" () -> () {
;; block0:
;;   trap unreachable
;; }
;; function 2 "bytes" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v13 = iconst.i32 0
;;   v15 = iadd.i32 v0, v1
;;   br block1(v13, v0)
;; block1(v2: i32, v3: i32):
;;   v4 = load.i32 v3, memory 0, int8_u, offset 0, region memory 0
;;   v5 = iadd.i32 v2, v4
;;   v6 = iconst.i32 1
;;   v7 = iadd.i32 v3, v6
;;   v12 = icmp.i32 ne v7, v15
;;   br_if v12, block3, block2
;; block3:
;;   br block1(v5, v7)
;; block2:
;;   return v5
;; }
;; function 3 "words" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v13 = iconst.i32 0
;;   br block1(v13, v0, v13)
;; block1(v2: i32, v3: i32, v8: i32):
;;   v4 = load.i32 v3, memory 0, int32_u, offset 0, region memory 0
;;   v5 = iadd.i32 v2, v4
;;   v6 = iconst.i32 4
;;   v7 = iadd.i32 v3, v6
;;   v9 = iconst.i32 1
;;   v10 = iadd.i32 v8, v9
;;   v12 = icmp.i32 ne v10, v1
;;   br_if v12, block3, block2
;; block3:
;;   br block1(v5, v7, v10)
;; block2:
;;   return v5
;; }
