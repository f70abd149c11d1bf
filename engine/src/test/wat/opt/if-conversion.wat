;;! stage = opt
;; Branches around next to nothing become selections, of floats by comparisons of their type; those around loads, traps or much work stay, and what asks for equality.
(module
  (memory 1)
  (func $triangle (param i32 i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 1))
      (then (local.set 1 (i32.add (local.get 1) (i32.const 3)))))
    (local.get 1))
  (func $diamond (param i32 i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (local.get 1))
      (then (i32.add (local.get 0) (i32.const 1)))
      (else (i32.sub (local.get 1) (local.get 0)))))
  (func $two (param i32 i32 i32) (result i32)
    (if (i32.lt_s (local.get 0) (local.get 1))
      (then (local.set 2 (local.get 0)) (local.set 0 (local.get 1)) (local.set 1 (local.get 2))))
    (i32.sub (local.get 0) (local.get 1)))
  (func $nested (param i32) (result i32) (local i32)
    (if (i32.gt_s (local.get 0) (i32.const 10))
      (then (local.set 1 (i32.const 1))
        (if (i32.gt_s (local.get 0) (i32.const 100))
          (then (local.set 1 (i32.const 2))))))
    (local.get 1))
  (func $float (param i32 f64) (result f64)
    (if (result f64) (local.get 0) (then (local.get 1)) (else (f64.const 1))))
  (func $load (param i32 i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.load (local.get 1))) (else (i32.const 1))))
  (func $much (param i32 i32) (result i32)
    (if (local.get 0)
      (then (local.set 1
        (i32.xor (i32.shl (local.get 1) (i32.const 3))
          (i32.add (local.get 1) (local.get 0))))))
    (local.get 1))
  (func $equal (param i32 i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const 9)) (then (local.set 1 (i32.const 7))))
    (local.get 1))
  (func $bit (param i32 i32) (result i32)
    (if (i32.eqz (i32.and (local.get 0) (i32.const 8))) (then (local.set 1 (i32.const 7))))
    (local.get 1))
  (func $cold (param i32 i32) (result i32)
    (if (local.get 0) (then (local.set 1 (i32.const 7))) (else (unreachable)))
    (local.get 1))
  (func $clamp (param f64) (result f64)
    (if (f64.lt (local.get 0) (f64.const 0)) (then (local.set 0 (f64.const 0))))
    (if (f64.gt (local.get 0) (f64.const 1)) (then (local.set 0 (f64.const 1))))
    (local.get 0))
  (func $maximum_and_place (param f32 f32 i32 i32) (result f32 i32)
    (if (f32.gt (local.get 0) (local.get 1))
      (then (local.set 1 (local.get 0)) (local.set 3 (local.get 2))))
    (local.get 1) (local.get 3))
  (func $sign (param f64 f64) (result f64)
    (if (result f64) (f64.ge (local.get 1) (f64.const 0))
      (then (local.get 0)) (else (f64.neg (local.get 0)))))
  (func $float_equal (param f64 f64) (result f64)
    (if (result f64) (f64.eq (local.get 0) (f64.const 3)) (then (local.get 1)) (else (f64.const 1))))
  (func $other_width (param f32 f64) (result f64)
    (if (result f64) (f32.lt (local.get 0) (f32.const 3)) (then (local.get 1)) (else (f64.const 1))))
  (func $vector (param f32 v128) (result v128)
    (if (result v128) (f32.lt (local.get 0) (f32.const 3)) (then (local.get 1)) (else (v128.const i64x2 0 0))))
  (func $running_maximum (param i32 f64) (result f64)
    (loop $l
      (if (f64.gt (f64.load (local.get 0)) (local.get 1))
        (then (local.set 1 (f64.load (local.get 0)))))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 8)))))
    (local.get 1))
)
;; function 0 "triangle" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 1
;;   v3 = iand.i32 v0, v2
;;   v4 = iconst.i32 3
;;   v5 = iadd.i32 v1, v4
;;   v7 = select.i32 v3, v5, v1
;;   return v7
;; }
;; function 1 "diamond" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = icmp.i32 slt v0, v1
;;   v3 = iconst.i32 1
;;   v4 = iadd.i32 v0, v3
;;   v6 = isub.i32 v1, v0
;;   v7 = select.i32 v2, v4, v6
;;   return v7
;; }
;; function 2 "two" (i32, i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32, v2: i32):
;;   v3 = icmp.i32 slt v0, v1
;;   v7 = select.i32 v3, v1, v0
;;   v8 = select.i32 v3, v0, v1
;;   v6 = isub.i32 v7, v8
;;   return v6
;; }
;; function 3 "nested" (i32) -> (i32) {
;; block0(v0: i32):
;;   v8 = iconst.i32 0
;;   v1 = iconst.i32 10
;;   v2 = icmp.i32 sgt v0, v1
;;   br_if v2, block1, block2
;; block1:
;;   v3 = iconst.i32 1
;;   v4 = iconst.i32 100
;;   v5 = icmp.i32 sgt v0, v4
;;   v6 = iconst.i32 2
;;   v10 = select.i32 v5, v6, v3
;;   br block6(v10)
;; block2:
;;   br block6(v8)
;; block6(v7: i32):
;;   return v7
;; }
;; function 4 "float" (i32, f64) -> (f64) {
;; block0(v0: i32, v1: f64):
;;   br_if v0, block1, block2
;; block1:
;;   br block3(v1)
;; block2:
;;   v3 = fconst.f64 0x3ff0000000000000
;;   br block3(v3)
;; block3(v2: f64):
;;   return v2
;; }
;; function 5 "load" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v2 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   br block3(v2)
;; block2:
;;   v4 = iconst.i32 1
;;   br block3(v4)
;; block3(v3: i32):
;;   return v3
;; }
;; function 6 "much" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v2 = iconst.i32 3
;;   v3 = shl.i32 v1, v2
;;   v4 = iadd.i32 v1, v0
;;   v5 = ixor.i32 v3, v4
;;   br block3(v5)
;; block2:
;;   br block3(v1)
;; block3(v6: i32):
;;   return v6
;; }
;; function 7 "equal" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 9
;;   v3 = icmp.i32 eq v0, v2
;;   br_if v3, block1, block2
;; block1:
;;   v4 = iconst.i32 7
;;   br block3(v4)
;; block2:
;;   br block3(v1)
;; block3(v5: i32):
;;   return v5
;; }
;; function 8 "bit" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 8
;;   v3 = iand.i32 v0, v2
;;   v6 = iconst.i32 7
;;   v8 = select.i32 v3, v1, v6
;;   return v8
;; }
;; function 9 "cold" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v2 = iconst.i32 7
;;   return v2
;; block2 cold:
;;   trap unreachable
;; }
;; function 10 "clamp" (f64) -> (f64) {
;; block0(v0: f64):
;;   v1 = fconst.f64 0x0000000000000000
;;   v2 = fcmp.f64 lt v0, v1
;;   v9 = select.f64 v2, v1, v0
;;   v5 = fconst.f64 0x3ff0000000000000
;;   v6 = fcmp.f64 gt v9, v5
;;   v10 = select.f64 v6, v5, v9
;;   return v10
;; }
;; function 11 "maximum_and_place" (f32, f32, i32, i32) -> (f32, i32) {
;; block0(v0: f32, v1: f32, v2: i32, v3: i32):
;;   v4 = fcmp.f32 gt v0, v1
;;   v7 = select.f32 v4, v0, v1
;;   v8 = select.i32 v4, v2, v3
;;   return v7, v8
;; }
;; function 12 "sign" (f64, f64) -> (f64) {
;; block0(v0: f64, v1: f64):
;;   v2 = fconst.f64 0x0000000000000000
;;   v3 = fcmp.f64 ge v1, v2
;;   v5 = fneg.f64 v0
;;   v6 = select.f64 v3, v0, v5
;;   return v6
;; }
;; function 13 "float_equal" (f64, f64) -> (f64) {
;; block0(v0: f64, v1: f64):
;;   v2 = fconst.f64 0x4008000000000000
;;   v3 = fcmp.f64 eq v0, v2
;;   br_if v3, block1, block2
;; block1:
;;   br block3(v1)
;; block2:
;;   v5 = fconst.f64 0x3ff0000000000000
;;   br block3(v5)
;; block3(v4: f64):
;;   return v4
;; }
;; function 14 "other_width" (f32, f64) -> (f64) {
;; block0(v0: f32, v1: f64):
;;   v2 = fconst.f32 0x40400000
;;   v3 = fcmp.f32 lt v0, v2
;;   br_if v3, block1, block2
;; block1:
;;   br block3(v1)
;; block2:
;;   v5 = fconst.f64 0x3ff0000000000000
;;   br block3(v5)
;; block3(v4: f64):
;;   return v4
;; }
;; function 15 "vector" (f32, v128) -> (v128) {
;; block0(v0: f32, v1: v128):
;;   v2 = fconst.f32 0x40400000
;;   v3 = fcmp.f32 lt v0, v2
;;   br_if v3, block1, block2
;; block1:
;;   br block3(v1)
;; block2:
;;   v5 = vconst 0x00000000000000000000000000000000
;;   br block3(v5)
;; block3(v4: v128):
;;   return v4
;; }
;; function 16 "running_maximum" (i32, f64) -> (f64) {
;; block0(v0: i32, v1: f64):
;;   br block1(v0, v1)
;; block1(v2: i32, v4: f64):
;;   v3 = load.f64 v2, memory 0, float64, offset 0, region memory 0
;;   v5 = fcmp.f64 gt v3, v4
;;   br_if v5, block2, block3
;; block2:
;;   br block4(v3)
;; block3:
;;   br block4(v4)
;; block4(v9: f64):
;;   v10 = iconst.i32 -8
;;   v8 = iadd.i32 v2, v10
;;   br_if v8, block6, block5
;; block6:
;;   br block1(v8, v9)
;; block5:
;;   return v9
;; }
