;;! stage = ssa
;; A loop gets parameters for the locals assigned in it, and for no others.
(module
  (func $sum (param $n i32) (param $step i32) (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (local.get $step)))
      (br_if $again (i32.lt_s (local.get $i) (local.get $n))))
    (local.get $sum)))
;; function 0 "sum" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v9 = iconst.i32 0
;;   br block1(v9, v9)
;; block1(v2: i32, v3: i32):
;;   v4 = iadd.i32 v2, v3
;;   v6 = iadd.i32 v3, v1
;;   v8 = icmp.i32 slt v6, v0
;;   br_if v8, block1(v4, v6), block2
;; block2:
;;   return v4
;; }
