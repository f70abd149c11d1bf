;;! stage = opt
;; What is the same in every iteration is computed in front of the loop, if it cannot trap and
;; nothing in the loop changes it.
(module
  (import "host" "f" (func $other))
  (memory 1)
  (global $g (mut i32) (i32.const 7))
  ;; The global and the product leave the loop.
  (func $scaled (param $n i32) (param $k i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.xor (local.get $i)
            (i32.mul (i32.add (local.get $k) (i32.const 3)) (global.get $g)))))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; The loop writes the global: it is read each time.
  (func $written (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (i32.xor (local.get $s) (global.get $g)))
      (global.set $g (local.get $s))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A division by a variable may trap, after the store: it stays.
  (func $traps (param $n i32) (param $k i32)
    (local $i i32)
    (loop $l
      (i32.store (local.get $i) (local.get $i))
      (i32.store offset=4 (local.get $i) (i32.div_u (local.get $n) (local.get $k)))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (local.get $n)))))
  ;; Calls end what is known of globals; registers are rare around them.
  (func $calls (param $n i32) (param $k i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (call $other)
      (local.set $s
        (i32.add (local.get $s) (i32.mul (global.get $g) (i32.mul (local.get $k) (local.get $n)))))
      (br_if $l
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; From the inner loop to in front of both; the loop is met over two edges.
  (func $nest (param $n i32) (param $x f64) (result f64)
    (local $i i32) (local $j i32) (local $s f64)
    (if (local.get $n) (then (local.set $s (f64.const 1))))
    (loop $outer
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $s
          (f64.add (local.get $s)
            (f64.mul (f64.sqrt (f64.div (local.get $x) (f64.const 3)))
              (f64.convert_i32_u (local.get $i)))))
        (br_if $inner
          (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $outer
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))
;; function 1 "scaled" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v15 = iconst.i32 0
;;   v5 = iconst.i32 3
;;   v6 = iadd.i32 v1, v5
;;   v7 = ctx_load.i32 int32_u, offset 80, region global 0
;;   v8 = imul.i32 v6, v7
;;   br block1(v15, v15)
;; block1(v2: i32, v3: i32):
;;   v9 = ixor.i32 v3, v8
;;   v10 = iadd.i32 v2, v9
;;   v11 = iconst.i32 1
;;   v12 = iadd.i32 v3, v11
;;   v14 = icmp.i32 ult v12, v0
;;   br_if v14, block3, block2
;; block3:
;;   br block1(v10, v12)
;; block2:
;;   return v10
;; }
;; function 2 "written" (i32) -> (i32) {
;; block0(v0: i32):
;;   v9 = iconst.i32 0
;;   br block1(v9, v9)
;; block1(v1: i32, v4: i32):
;;   v2 = ctx_load.i32 int32_u, offset 80, region global 0
;;   v3 = ixor.i32 v1, v2
;;   ctx_store.i32 v3, int32_u, offset 80, region global 0
;;   v5 = iconst.i32 1
;;   v6 = iadd.i32 v4, v5
;;   v8 = icmp.i32 ult v6, v0
;;   br_if v8, block3, block2
;; block3:
;;   br block1(v3, v6)
;; block2:
;;   return v3
;; }
;; function 3 "traps" (i32, i32) -> () {
;; block0(v0: i32, v1: i32):
;;   v9 = iconst.i32 0
;;   br block1(v9)
;; block1(v2: i32):
;;   store.i32 v2, v2, memory 0, int32_u, offset 0, region memory 0
;;   v5 = udiv.i32 v0, v1
;;   store.i32 v2, v5, memory 0, int32_u, offset 4, region memory 0
;;   v6 = iconst.i32 8
;;   v7 = iadd.i32 v2, v6
;;   v8 = icmp.i32 ult v7, v0
;;   br_if v8, block3, block2
;; block3:
;;   br block1(v7)
;; block2:
;;   return
;; }
;; function 4 "calls" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v15 = iconst.i32 0
;;   br block1(v15, v15)
;; block1(v4: i32, v11: i32):
;;   v2 = ctx_load.i64 int64, offset 120, region instance 0
;;   v3 = ctx_load.i64 int64, offset 128, region instance 0
;;   call_indirect () -> () v2, v3
;;   v5 = ctx_load.i32 int32_u, offset 80, region global 0
;;   v8 = imul.i32 v1, v0
;;   v9 = imul.i32 v5, v8
;;   v10 = iadd.i32 v4, v9
;;   v12 = iconst.i32 1
;;   v13 = iadd.i32 v11, v12
;;   v14 = icmp.i32 ult v13, v0
;;   br_if v14, block3, block2
;; block3:
;;   br block1(v10, v13)
;; block2:
;;   return v10
;; }
;; function 5 "nest" (i32, f64) -> (f64) {
;; block0(v0: i32, v1: f64):
;;   v28 = iconst.i32 0
;;   v26 = fconst.f64 0x0000000000000000
;;   br_if v0, block1, block2
;; block1:
;;   v2 = fconst.f64 0x3ff0000000000000
;;   br block8(v28, v2)
;; block2:
;;   br block8(v28, v26)
;; block8(v29: i32, v30: f64):
;;   v6 = fconst.f64 0x4008000000000000
;;   v7 = fdiv.f64 v1, v6
;;   v8 = fsqrt.f64 v7
;;   br block4(v29, v30)
;; block4(v19: i32, v21: f64):
;;   v10 = uitof.f64 v19
;;   v11 = fmul.f64 v8, v10
;;   br block5(v21, v28)
;; block5(v4: f64, v13: i32):
;;   v12 = fadd.f64 v4, v11
;;   v14 = iconst.i32 1
;;   v15 = iadd.i32 v13, v14
;;   v17 = icmp.i32 ult v15, v0
;;   br_if v17, block9, block6
;; block9:
;;   br block5(v12, v15)
;; block6:
;;   v23 = iadd.i32 v19, v14
;;   v24 = icmp.i32 ult v23, v0
;;   br_if v24, block10, block7
;; block10:
;;   br block4(v23, v12)
;; block7:
;;   return v12
;; }
