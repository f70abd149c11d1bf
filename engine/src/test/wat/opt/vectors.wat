;;! stage = opt
;; Constants and lanes that are known, shuffles of shuffles, bits.
(module
  (func $splat (result v128) (i16x8.splat (i32.const 0x1234)))
  (func $lane-of-constant (result i32)
    (i8x16.extract_lane_s 3 (v128.const i8x16 0 1 2 -3 4 5 6 7 8 9 10 11 12 13 14 15)))
  (func $lane-of-splat (param i32) (result i32)
    (i16x8.extract_lane_u 3 (i16x8.splat (local.get 0))))
  (func $lane-of-other (param v128 f32) (result f32)
    (f32x4.extract_lane 1 (f32x4.replace_lane 2 (local.get 0) (local.get 1))))
  (func $replaced-lane (param v128 i64) (result i64)
    (i64x2.extract_lane 1 (i64x2.replace_lane 1 (local.get 0) (local.get 1))))
  (func $reversed-twice (param v128) (result v128)
    (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0
      (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get 0) (local.get 0))
      (v128.const i64x2 0 0)))
  (func $complement (param v128 v128) (result v128)
    (v128.and (v128.xor (local.get 0) (v128.const i32x4 -1 -1 -1 -1)) (local.get 1)))
  (func $select (param v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (v128.const i64x2 -1 -1)))
  (func $equal (param v128 v128) (result v128)
    (i8x16.sub (i16x8.add (local.get 0) (local.get 1)) (i16x8.add (local.get 1) (local.get 0)))))
;; function 0 "splat" () -> (v128) {
;; block0:
;;   v1 = vconst 0x12341234123412341234123412341234
;;   return v1
;; }
;; function 1 "lane-of-constant" () -> (i32) {
;; block0:
;;   v1 = iconst.i32 -3
;;   return v1
;; }
;; function 2 "lane-of-splat" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 65535
;;   v2 = iand.i32 v0, v3
;;   return v2
;; }
;; function 3 "lane-of-other" (v128, f32) -> (f32) {
;; block0(v0: v128, v1: f32):
;;   v3 = extract.f32 f32x4_extract_lane lane 1 v0
;;   return v3
;; }
;; function 4 "replaced-lane" (v128, i64) -> (i64) {
;; block0(v0: v128, v1: i64):
;;   return v1
;; }
;; function 5 "reversed-twice" (v128) -> (v128) {
;; block0(v0: v128):
;;   return v0
;; }
;; function 6 "complement" (v128, v128) -> (v128) {
;; block0(v0: v128, v1: v128):
;;   v4 = vbinary v128_andnot v1, v0
;;   return v4
;; }
;; function 7 "select" (v128, v128) -> (v128) {
;; block0(v0: v128, v1: v128):
;;   return v0
;; }
;; function 8 "equal" (v128, v128) -> (v128) {
;; block0(v0: v128, v1: v128):
;;   v2 = vbinary i16x8_add v0, v1
;;   v4 = vbinary i8x16_sub v2, v2
;;   return v4
;; }
